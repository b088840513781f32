"""Which port each service listens on."""

import socket

from jos.supervisor.ports import SERVICES, choose


def _listen() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with _listen() as taken:
        port = taken.getsockname()[1]
        chosen = choose(first=port, names=["registry"])
    assert chosen["registry"] != port


def test_every_service_has_a_port_of_its_own() -> None:
    with _listen() as taken:
        chosen = choose(first=taken.getsockname()[1])
    assert tuple(chosen) == SERVICES
    assert len(set(chosen.values())) == len(SERVICES)
