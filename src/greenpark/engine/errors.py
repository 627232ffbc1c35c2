"""What can be wrong with a workspace or its register, said by a message id."""

from __future__ import annotations


class StoreError(RuntimeError):
    """A workspace or register that cannot be used as asked.

    ``message`` is an id of ``model/messages/store.yaml``; ``values`` fills its placeholders.
    """

    def __init__(self, message: str, **values: object) -> None:
        told = ", ".join(f"{name}={value}" for name, value in sorted(values.items()))
        super().__init__(f"{message}: {told}" if told else message)
        self.message = message
        self.values = values
