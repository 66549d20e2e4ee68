"""What a user did wrong is one exception, with everything needed to put it right."""

from __future__ import annotations


class ConfigError(Exception):
    """Settings or arguments that cannot be used. Each fault says what, where and what to do."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
