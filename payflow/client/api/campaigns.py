from .base_model import BaseModel


class Campaigns(BaseModel):
    campaigns: list["CampaignsCampaigns"]


class CampaignsCampaigns(BaseModel):
    name: str
    rate: int
    currency: str


Campaigns.model_rebuild()
