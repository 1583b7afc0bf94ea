"""An Apache Kafka that asks who is there and what they may do, on a listener beside its administrator's open one."""

from collections.abc import Iterable
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest

from load.brokers.apache import ApacheKafka
from load.brokers.ports import free_port
from streams.access import Operation, Permission, Resource, User

# Kafka's numbers, of org.apache.kafka.common.resource and .acl.
RESOURCES = {Resource.TOPIC: 2, Resource.GROUP: 3}
OPERATIONS = {
    Operation.READ: 3,
    Operation.WRITE: 4,
    Operation.CREATE: 5,
    Operation.DESCRIBE: 8,
    Operation.DESCRIBE_CONFIGS: 10,
}
LITERAL, PREFIXED = 3, 4
ALLOW = 3


class SecuredKafka(ApacheKafka):
    """Its own port is for the administrator, who needs no password; `secured` is for everybody else."""

    def __init__(self, users: Iterable[str]) -> None:
        super().__init__()
        self.secured_port = free_port(other_than=self.port)
        self.users = tuple(users)

    @property
    def secured(self) -> str:
        """`host:port` of the listener that asks for a password; each user's is `<name>-secret`."""
        return f"127.0.0.1:{self.secured_port}"

    def client(self, user: str) -> dict[str, str]:
        """How a client of aiokafka comes in as this user."""
        return {
            "bootstrap_servers": self.secured,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "PLAIN",
            "sasl_plain_username": user,
            "sasl_plain_password": f"{user}-secret",
        }

    async def allow(self, users: Iterable[User]) -> None:
        """Give users their permissions, and nothing else."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap_servers)
        await admin.start()
        try:
            for user in users:
                for permission in user.permissions:
                    await _allow(admin, user.name, permission)
        finally:
            await admin.close()

    def _prepare(self, directory: Path) -> None:
        super()._prepare(directory)
        properties = directory / "server.properties"
        text = properties.read_text()
        listeners = f"PLAINTEXT://127.0.0.1:{self.port}"
        secured = f"SASL_PLAINTEXT://{self.secured}"
        assert text.count(listeners) == 2
        passwords = " ".join([f'user_{name}="{name}-secret"' for name in self.users])
        module = "org.apache.kafka.common.security.plain.PlainLoginModule"
        properties.write_text(
            text.replace(listeners, f"{listeners},{secured}")
            + f"""
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:ANONYMOUS
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config={module} required {passwords};
"""
        )


async def _allow(admin: AIOKafkaAdminClient, name: str, permission: Permission) -> None:
    pattern = PREFIXED if permission.is_prefix else LITERAL
    for operation in permission.operations:
        request = CreateAclsRequest(
            RESOURCES[permission.resource],
            permission.name,
            pattern,
            f"User:{name}",
            "*",
            OPERATIONS[operation],
            ALLOW,
        )
        response = await admin._send_request(request)
        [(code, message)] = response.creation_responses
        assert code == 0, message
