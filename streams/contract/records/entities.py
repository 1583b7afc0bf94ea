"""What predictions of entities say of themselves: the fields that their records begin with."""

from typing import Annotated

from typing_extensions import TypedDict

from streams.contract.words import Version, says
from streams.schema import RecordKind


class EntityFields(TypedDict):
    """Fields of every prediction of an entity."""

    v: Version
    kind: Annotated[RecordKind, says("what the record says")]
    entity: Annotated[str, says('the entity, written `{host="a"}`')]
    labels: Annotated[dict[str, str], says("its labels, as an object")]
