"""Groups: series of one entity whose rows keep one order, for what is said of one uses the other as it stood then."""

import numpy as np

from models.layout import Arrays
from streams.pipeline.catalog import Catalog


def tie(catalog: Catalog, grid: Arrays, slot: int, other: int) -> None:
    """Give two series of an entity, and all that are tied to either, one group."""
    group = grid["group"]
    old, new = int(group[slot]), int(group[other])
    if old != new:
        of_entity = np.array(catalog.of_entity(catalog.entry(slot).entity), np.int64)
        group[of_entity[group[of_entity] == old]] = new
