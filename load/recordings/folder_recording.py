"""A recording of one file or many."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from load.recordings.file_recording import FileRecording, Span
from load.recordings.files import recording_files
from load.recordings.merge import TimedStream, merge_by_time
from load.recordings.table import SampleTable

# A file's tables are not made smaller than this, however many files are merged.
ROWS_PER_FILE_MIN = 10_000


class FilesRecording:
    """Files read as one stream in time order; see `load.recordings.recording.Recording`."""

    def __init__(self, path: Path, metrics: Sequence[str]) -> None:
        self._files = [FileRecording(file, metrics) for file in recording_files(path)]

    def span_ms(self) -> tuple[int, int] | None:
        """First and last time; None without any wanted series."""
        spans = [span for _, span in self._with_samples()]
        if not spans:
            return None
        return min([span.first_ms for span in spans]), max([span.last_ms for span in spans])

    def tables(self, rows_max: int) -> Iterator[SampleTable]:
        """Tables of about `rows_max` rows in time order."""
        files = self._with_samples()
        if len(files) == 1:
            yield from files[0][0].tables(rows_max)
            return
        rows_per_file = max(ROWS_PER_FILE_MIN, rows_max // max(len(files), 1))
        yield from merge_by_time(
            [TimedStream(span.first_ms, partial(file.tables, rows_per_file)) for file, span in files]
        )

    def _with_samples(self) -> list[tuple[FileRecording, Span]]:
        return [(file, file.span) for file in self._files if file.span is not None]
