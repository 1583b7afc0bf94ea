"""Where the demo's page is, in words."""

from unittest.mock import patch

from load.demo import page


def test_what_is_missing_is_said() -> None:
    with patch.object(page, "NEEDED", ("no_such_package",)):
        assert not page.can_serve()
        assert "pip install 'foreshock[serve]'" in page.address_line(9470)


def test_the_address_is_told() -> None:
    assert page.address_line(9470).startswith("http://127.0.0.1:9470/")
    assert 0 < page.serve_port() < 65_536
