"""Which port each service listens on."""

import socket

from jos.supervisor.ports import SERVICES, reserved

HOST = "127.0.0.1"


def _listen() -> socket.socket:
    listener = socket.socket()
    listener.bind((HOST, 0))
    listener.listen()
    return listener


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with _listen() as taken:
        port = taken.getsockname()[1]
        with reserved(HOST, port, ["registry"]) as ports:
            assert ports["registry"] != port


def test_every_service_has_a_port_of_its_own_in_a_row_from_the_first() -> None:
    with reserved(HOST, 28400) as ports:
        assert tuple(ports) == SERVICES
        assert len(set(ports.values())) == len(SERVICES)


def test_two_installations_that_choose_at_the_same_moment_choose_other_ports() -> None:
    with reserved(HOST, 28500) as one, reserved(HOST, 28500) as other:
        assert not set(one.values()) & set(other.values())


def test_a_port_is_free_again_afterwards() -> None:
    with reserved(HOST, 28600) as one:
        first = dict(one)
    with reserved(HOST, 28600) as other:
        assert other == first
