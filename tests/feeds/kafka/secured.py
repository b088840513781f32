"""A broker that speaks TLS, asks for a user and a password, and lets nobody do what no ACL says."""

import asyncio
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jos.broker.broker import Broker
from jos.broker.properties import CLUSTER_ID, Place
from shared.feeds.kafka import clients
from shared.settings import Settings

RESOURCES = {"topic": 2, "group": 3}
OPERATIONS = {"Read": 3, "Write": 4, "Create": 5, "Alter": 7, "AlterConfigs": 11}
LITERAL, ALLOW = 3, 3

# Who comes without TLS is the test itself, which makes the lists, and the broker's own controller.
PROPERTIES = """
listeners=PLAINTEXT://{plain},CONTROLLER://127.0.0.1:{control},SASL_SSL://{tls}
advertised.listeners=PLAINTEXT://{plain},SASL_SSL://{tls}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL
inter.broker.listener.name=PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.location={keys}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=false
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the lists: who may do what with which topics or groups."""

    principal: str
    resource: str
    names: tuple[str, ...]
    operations: tuple[str, ...]


class Secured(Broker):
    """One node, whose users and certificate are made before its first start."""

    def __init__(self, folder: Path, place: Place, tls: Place, users: Mapping[str, str]) -> None:
        super().__init__(folder, place, [place], {})
        self.tls = f"127.0.0.1:{tls.port}"
        self.authority = folder / "authority.pem"
        self._keys = folder / "keys.pem"
        self._users = users

    async def _format(self, run: Sequence[str], file: Path) -> None:
        await asyncio.to_thread(self._format_securely, run, file)

    def _format_securely(self, run: Sequence[str], file: Path) -> None:
        make_certificate(self._keys, self.authority)
        more = PROPERTIES.format(plain=self.address, control=self.place.control, tls=self.tls, keys=self._keys)
        file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
        users = [f"SCRAM-SHA-512=[name={name},password={password}]" for name, password in self._users.items()]
        command = [*run, "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(file)]
        for user in users:
            command += ["--add-scram", user]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


def make_certificate(keys: Path, authority: Path) -> None:
    """A key with a certificate for the loopback address, and that certificate alone, by which clients know it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker of the tests")])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign"), False
    ) | {"digital_signature": True, "key_cert_sign": True, "encipher_only": False, "decipher_only": False}
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    shown = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    keys.touch(mode=0o600)
    keys.write_bytes(secret + shown)
    authority.write_bytes(shown)


async def allow(settings: Settings, rules: Iterable[Rule]) -> None:
    """Put the lists on the brokers; `settings` are those of somebody who may."""
    admin = AIOKafkaAdminClient(**clients.admin(settings))
    await admin.start()
    try:
        for rule in rules:
            for name in rule.names:
                for operation in rule.operations:
                    asked = (RESOURCES[rule.resource], name, LITERAL, f"User:{rule.principal}", "*")
                    answer = await admin._send_request(CreateAclsRequest(*asked, OPERATIONS[operation], ALLOW))
                    assert [code for code, _ in answer.creation_responses] == [0], (rule, answer)
    finally:
        await admin.close()
