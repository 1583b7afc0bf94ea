"""A verb's process: what it is given."""

from load.demo.verb_process import without_settings


def test_variables_that_would_change_the_configuration_are_left_out() -> None:
    environ = {"PATH": "/bin", "FORESHOCK_BROKER__BOOTSTRAP_SERVERS": "elsewhere:9092", "FORESHOCK_CONFIG": "x"}
    assert without_settings(environ) == {"PATH": "/bin"}
