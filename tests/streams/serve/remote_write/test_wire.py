"""The message by hand is what protobuf's own library makes of the same samples."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from streams.serve.remote_write.wire import Sample, write_request

FIELD = descriptor_pb2.FieldDescriptorProto
FIELDS: dict[str, list[tuple[str, int, FIELD.Type.ValueType, str | None]]] = {
    "WriteRequest": [("timeseries", 1, FIELD.TYPE_MESSAGE, "TimeSeries")],
    "TimeSeries": [("labels", 1, FIELD.TYPE_MESSAGE, "Label"), ("samples", 2, FIELD.TYPE_MESSAGE, "Sample")],
    "Label": [("name", 1, FIELD.TYPE_STRING, None), ("value", 2, FIELD.TYPE_STRING, None)],
    "Sample": [("value", 1, FIELD.TYPE_DOUBLE, None), ("timestamp", 2, FIELD.TYPE_INT64, None)],
}


def write_request_type() -> type[Message]:
    file = descriptor_pb2.FileDescriptorProto(name="remote.proto", package="prometheus", syntax="proto3")
    for name, fields in FIELDS.items():
        message = file.message_type.add(name=name)
        for field, number, kind, of in fields:
            label = FIELD.LABEL_REPEATED if of else FIELD.LABEL_OPTIONAL
            message.field.add(name=field, number=number, type=kind, label=label, type_name=of and f".prometheus.{of}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("prometheus.WriteRequest"))


WriteRequest = write_request_type()

samples = st.lists(
    st.builds(
        Sample,
        st.lists(st.tuples(st.text(max_size=200), st.text(max_size=200)), max_size=4).map(tuple),
        st.floats(allow_nan=False),
        st.integers(0, 2**62),
    ),
    max_size=5,
)


@given(samples)
def test_protobuf_reads_what_was_written(told: list[Sample]) -> None:
    request = WriteRequest()
    request.ParseFromString(write_request(told))
    assert [
        Sample(
            tuple((label.name, label.value) for label in series.labels),
            series.samples[0].value,
            series.samples[0].timestamp,
        )
        for series in request.timeseries  # type: ignore[attr-defined]  # a class made at run time
    ] == told


def test_a_request_byte_for_byte() -> None:
    sample = Sample((("__name__", "up"),), 1.0, 300)
    assert write_request([sample]).hex() == (
        "0a1e0a0e0a085f5f6e616d655f5f12027570120c09000000000000f03f10ac02"
    )  # fmt: skip
