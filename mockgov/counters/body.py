"""What the JSON bodies of the sandbox's own routes have in common."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A body whose fields are all known: another one is a mistake, and is refused by name."""

    model_config = ConfigDict(extra="forbid")
