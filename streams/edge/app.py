"""A role's Faust app: its settings, and what of Faust it leaves out."""

from typing import Any

import faust
from faust.app.base import BootStrategy
from faust.types.transports import TransportT
from typing_extensions import override
from yarl import URL

from streams.edge.contact import GroupContact
from streams.edge.credentials import credentials_of
from streams.edge.limits import TransportLimits
from streams.edge.recovery import PatientTables
from streams.edge.service_log import SERVICE_LOGGER
from streams.edge.state_table import StateTable
from streams.edge.transport import EdgeTransport, Seeker
from streams.settings.model import Settings

HEARTBEATS_PER_SESSION = 10
METADATA_AGE_S = 15.0
"""How soon a source topic that did not exist at the start is noticed. Stock Faust: five minutes."""


class WithoutWeb(BootStrategy):
    """Starts no web server: Faust's listens on all interfaces, asks nobody's name and shows tables."""

    enable_web = False


class EdgeApp(faust.App):
    """A Faust app on the batched transport, with one role."""

    BootStrategy = WithoutWeb
    logger = SERVICE_LOGGER
    role: Seeker
    contact: GroupContact

    @override
    def _new_transport(self) -> TransportT:
        return EdgeTransport(self.conf.broker_consumer, self)

    @override
    def _new_producer_transport(self) -> TransportT:
        return EdgeTransport(self.conf.broker_producer, self)

    @override
    def _create_directories(self) -> None:
        """Leave the working directory alone: nothing of ours is kept in files."""


def build_app(settings: Settings, role: str, limits: TransportLimits) -> EdgeApp:
    """The app of a role; its id, so its consumer group, is ``<prefix>-<role>``."""
    group, instance_id = f"{settings.topics.prefix}-{role}", settings.worker.instance_id
    app = EdgeApp(
        group,
        broker=[URL(f"kafka://{server}") for server in settings.broker.bootstrap_servers],
        broker_credentials=credentials_of(settings),
        consumer_group_instance_id=instance_id,
        **_liveness(settings),
        **_transfer(limits),
        Table=StateTable,
        TableManager=PatientTables,
        store="memory://",
        autodiscover=False,
        table_standby_replicas=0,
        topic_partitions=settings.topics.partitions,
        topic_replication_factor=settings.topics.replication_factor,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        web_tables_enabled=False,
        web_router_enabled=False,
    )
    app.contact = GroupContact(group, instance_id, settings.broker.session_timeout_ms / 1000)
    return app


def _liveness(settings: Settings) -> dict[str, Any]:
    session_s = settings.broker.session_timeout_ms / 1000
    request_s = max(settings.broker.request_timeout_ms / 1000, session_s)  # Faust refuses a shorter one
    return {
        "broker_session_timeout": session_s,
        "broker_heartbeat_interval": session_s / HEARTBEATS_PER_SESSION,
        "broker_request_timeout": request_s,
        "producer_request_timeout": request_s,
        "consumer_metadata_max_age_ms": int(METADATA_AGE_S * 1000),
        "consumer_auto_offset_reset": "earliest",
        "stream_wait_empty": False,
    }


def _transfer(limits: TransportLimits) -> dict[str, Any]:
    return {
        "broker_max_poll_records": limits.batch_records,
        "consumer_max_fetch_size": limits.fetch_bytes,
        "stream_buffer_maxsize": limits.batches_buffered,
        "producer_acks": -1,
        # aiokafka's lz4 runs at its slowest level; its zstd is ten times as fast and packs our JSON tighter.
        "producer_compression_type": "zstd",
        "producer_linger": limits.linger_ms / 1000,
        "producer_max_batch_size": limits.send_batch_bytes,
        "producer_max_request_size": limits.request_bytes,
    }
