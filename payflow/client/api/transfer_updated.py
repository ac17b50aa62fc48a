from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import SagaStepStatus, TransferStatus


class TransferUpdated(BaseModel):
    transfer_updated: "TransferUpdatedTransferUpdated" = Field(alias="transferUpdated")


class TransferUpdatedTransferUpdated(BaseModel):
    id: str
    status: TransferStatus
    failure_code: Optional[str] = Field(alias="failureCode")
    steps: list["TransferUpdatedTransferUpdatedSteps"]


class TransferUpdatedTransferUpdatedSteps(BaseModel):
    name: str
    status: SagaStepStatus
    attempts: int
    started_at: datetime = Field(alias="startedAt")
    finished_at: Optional[datetime] = Field(alias="finishedAt")
    error: Optional[str]


TransferUpdated.model_rebuild()
TransferUpdatedTransferUpdated.model_rebuild()
