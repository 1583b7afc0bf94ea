"""Replicas that take a while to start."""

from load.autoscaling.replicas import Replicas


def test_more_are_ready_after_their_start_up() -> None:
    replicas = Replicas(3, start_up_minutes=2)
    replicas.scale(10, 5)
    assert (replicas.ready, replicas.asked_for) == (3, 5)
    replicas.pass_to(11)
    assert replicas.ready == 3
    replicas.pass_to(12)
    assert (replicas.ready, replicas.asked_for) == (5, 5)


def test_of_fewer_those_asked_for_last_go_first() -> None:
    replicas = Replicas(3, start_up_minutes=5)
    replicas.scale(0, 5)
    replicas.scale(1, 9)
    replicas.scale(2, 6)
    assert (replicas.ready, replicas.asked_for) == (3, 6)
    replicas.scale(3, 2)
    assert (replicas.ready, replicas.asked_for) == (2, 2)
    replicas.pass_to(9)
    assert replicas.ready == 2


def test_without_a_start_up_they_are_ready_at_once() -> None:
    replicas = Replicas(1, start_up_minutes=0)
    replicas.scale(0, 4)
    assert replicas.ready == 4
