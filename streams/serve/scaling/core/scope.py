"""Which scalers somebody may see whose view is limited to some labels."""

from collections.abc import Mapping

from streams.series import parse_series
from streams.settings.scalers import Scaler


def visible_scalers(scalers: Mapping[str, Scaler], scope: Mapping[str, str]) -> dict[str, Scaler]:
    """Scalers all of whose series bear all labels of a scope, as far as the settings themselves tell."""
    return {name: scaler for name, scaler in scalers.items() if scope.items() <= labels_of_series(scaler).items()}


def labels_of_series(scaler: Scaler) -> dict[str, str]:
    """Labels that every series of a scaler has."""
    return dict(parse_series(scaler.series).labels) if scaler.series is not None else scaler.labels
