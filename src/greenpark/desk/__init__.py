"""The desk: submissions and their law, reviews, reminders. It adds its tables beside those of the register."""
