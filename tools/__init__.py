"""Set-up of a developer's machine: standard library only, since they run before anything is installed."""
