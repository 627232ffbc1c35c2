"""What the desk refuses, said by a message id."""

from __future__ import annotations

from greenpark.engine.errors import StoreError


class DeskError(StoreError):
    """Something that the law of submissions does not allow: nothing was changed.

    ``message`` is an id of ``model/messages/desk.yaml``; ``<message>.fix`` says what to do.
    """
