"""Which files make up a recording."""

from pathlib import Path

from load.recordings.errors import RecordingError

CSV_SUFFIXES = (".csv", ".csv.gz", ".csv.zst")
PARQUET_SUFFIX = ".parquet"
SUFFIXES = (*CSV_SUFFIXES, PARQUET_SUFFIX)


def recording_files(path: Path) -> list[Path]:
    """The file itself, or every recording in a folder and the folders in it, ordered by name."""
    if not path.exists():
        raise RecordingError(path, "does not exist", "name a CSV or Parquet file, or a folder of them")
    if path.is_file():
        return [path]
    files = sorted(
        file for file in path.rglob("*") if file.is_file() and suffix_of(file) and not _is_hidden(file, path)
    )
    if not files:
        raise RecordingError(path, "is a folder without recordings", f"recordings end in {', '.join(SUFFIXES)}")
    return files


def suffix_of(path: Path) -> str:
    """The part of the name that tells the format, such as ``.csv.gz``; empty for other files."""
    name = path.name.lower()
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def known_suffix(path: Path) -> str:
    """`suffix_of`, where another kind of file is an error."""
    if suffix := suffix_of(path):
        return suffix
    raise RecordingError(path, "is of no known kind", f"recordings end in {', '.join(SUFFIXES)}")


def stem_of(path: Path) -> str:
    """The name without the format: the metric of a file that doesn't name one."""
    return path.name[: len(path.name) - len(suffix_of(path))]


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
