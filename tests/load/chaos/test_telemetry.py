"""The telemetry of a chaos run is the same for the same seed, and every host is on one partition."""

from collections import defaultdict

from load.chaos.telemetry import HOSTILE_EVERY_ROUNDS, Telemetry


def test_a_seed_makes_its_telemetry() -> None:
    one, same, other = Telemetry(1, 4, 2), Telemetry(1, 4, 2), Telemetry(2, 4, 2)
    rounds = [one.round() for _ in range(20)]
    assert rounds == [same.round() for _ in range(20)]
    assert rounds != [other.round() for _ in range(20)]


def test_hosts_keep_to_their_partition_and_some_messages_are_hostile() -> None:
    telemetry, partitions = Telemetry(0, 6, 3, first_host=10), defaultdict(set)
    sizes = []
    for _ in range(2 * HOSTILE_EVERY_ROUNDS):
        messages = telemetry.round()
        sizes.append(len(messages))
        for message in messages:
            partitions[message.key].add(message.partition)
    assert sorted(partitions) == [b"host-%03d" % number for number in range(10, 16)]
    assert all(len(found) == 1 for found in partitions.values())
    assert sorted(set(sizes)) == [3 + 3 * 4, 3 + 3 * 4 + 1]
    assert sizes.count(16) == 2
