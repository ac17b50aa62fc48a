"""What users refuses.

Refusal
├── InvalidInput        (kernel) a field of the registration breaks a rule
├── EmailTaken
├── HandleTaken
├── InvalidCredentials  one sentence for an unknown address and for a wrong password
├── TooManyAttempts     to log in, for this account or from this address, whether there is such an account or not; or to register from it
└── InvalidRefreshToken one sentence, whatever is wrong with it
"""

from __future__ import annotations

from payflow.kernel.errors import Refusal


class EmailTaken(Refusal):
    def __init__(self) -> None:
        super().__init__("There is already an account with this e-mail address; log in instead.")


class HandleTaken(Refusal):
    def __init__(self, handle: str) -> None:
        super().__init__(f"The handle {handle} is taken; choose another.")


class InvalidCredentials(Refusal):
    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is wrong.")


class TooManyAttempts(Refusal):
    """`retry_after_s` is in whole seconds, at least one."""

    def __init__(self, sentence: str, retry_after_s: int) -> None:
        super().__init__(f"{sentence}; try again in {retry_after_s} s.")
        self.retry_after_s = retry_after_s

    @classmethod
    def to_log_in(cls, retry_after_s: int) -> TooManyAttempts:
        return cls("Too many attempts to log in failed", retry_after_s)

    @classmethod
    def to_register(cls, retry_after_s: int) -> TooManyAttempts:
        return cls("Too many accounts have been made from where you are", retry_after_s)


class InvalidRefreshToken(Refusal):
    def __init__(self) -> None:
        super().__init__("This refresh token does not count any more; log in again.")
