from streams.access import Operation, Permission, Resource, User
from streams.strimzi import topic_manifest, user_manifest
from streams.topics import TopicSpec


def test_a_topic_says_all_that_the_plan_says() -> None:
    spec = TopicSpec("shop.samples", 12, 3, {"retention.ms": "60000"})
    assert topic_manifest(spec, "main") == {
        "apiVersion": "kafka.strimzi.io/v1beta2",
        "kind": "KafkaTopic",
        "metadata": {"name": "shop.samples", "labels": {"strimzi.io/cluster": "main"}},
        "spec": {"topicName": "shop.samples", "partitions": 12, "replicas": 3, "config": {"retention.ms": "60000"}},
    }


def test_a_user_has_one_rule_for_each_permission() -> None:
    permissions = (
        Permission(Resource.TOPIC, "a", (Operation.READ, Operation.WRITE)),
        Permission(Resource.GROUP, "g-", (Operation.READ,), is_prefix=True),
    )
    spec = user_manifest(User("u", "for tests", permissions), "main")["spec"]
    assert spec["authentication"] == {"type": "scram-sha-512"}
    topic, group = spec["authorization"]["acls"]
    assert topic["resource"] == {"type": "topic", "name": "a", "patternType": "literal"}
    assert topic["operations"] == ["Read", "Write"]
    assert group["resource"] == {"type": "group", "name": "g-", "patternType": "prefix"}
    assert group["operations"] == ["Read"]
