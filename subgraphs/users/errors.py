"""What users refuses.

Refusal
├── InvalidInput        (kernel) a field of the registration breaks a rule
├── EmailTaken
├── HandleTaken
└── InvalidCredentials  one sentence for an unknown address and for a wrong password
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
