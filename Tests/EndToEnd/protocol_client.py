"""A small sensor, written from docs/protocol.md alone: what another language needs to talk to a master."""
import hashlib
import importlib.util
import pathlib
import socket
import ssl
import struct
import subprocess
import sys
import tempfile

import zstandard
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PROTO = pathlib.Path(__file__).parents[2] / "Sources" / "Protocol" / "Proto"
MASTER_NAME = "master.meneki.internal"
OVER = (1 << 63) - 1


def _generate():
    """Python code for the two .proto files, made by grpcio-tools or, without it, by protoc."""
    folder = tempfile.mkdtemp(prefix="meneki-proto-")
    has_tools = importlib.util.find_spec("grpc_tools") is not None
    compiler = [sys.executable, "-m", "grpc_tools.protoc"] if has_tools else ["protoc"]
    subprocess.run([*compiler, f"-I{PROTO}", f"--python_out={folder}", "frames.proto", "batch.proto"],
                   check=True, cwd=PROTO)
    sys.path.insert(0, folder)
    import batch_pb2
    import frames_pb2
    return batch_pb2, frames_pb2


batch_pb2, frames_pb2 = _generate()


def crc32c(data):
    """CRC-32C, RFC 3720 appendix B.4, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class Batch:
    """Rows in columns with one dictionary of texts."""

    def __init__(self):
        self.wire, self.places, self.times, self.count = batch_pb2.Batch(), {}, [], 0

    def text(self, value):
        if value not in self.places:
            self.places[value] = len(self.places)
            self.wire.strings.append(value)
        return self.places[value]

    def table(self, kind, rows, shapes):
        """Adds rows (field: value; a field may be absent) of a kind; `shapes` says how each field is written."""
        table = self.wire.tables.add(kind=kind, rows=len(rows))
        self.count += len(rows)
        self.times += [row["ts"] for row in rows]
        for field, shape in shapes.items():
            present = [field in row for row in rows]
            if not any(present):
                continue
            column = table.columns.add(field=field, shape=batch_pb2.Shape.Value("SHAPE_" + shape))
            if not all(present):
                bits = bytearray((len(rows) + 7) // 8)
                for index, has in enumerate(present):
                    bits[index // 8] |= has << index % 8
                column.presence = bytes(bits)
            self._values(column, shape, [row[field] for row in rows if field in row])

    def _values(self, column, shape, values):
        if shape == "NUMBERS":
            column.numbers.extend(value & (1 << 64) - 1 for value in values)
        elif shape == "TIMES":
            column.deltas.extend(value - before for before, value in zip([0, *values], values))
        elif shape == "STRINGS":
            column.strings.extend(map(self.text, values))
        elif shape == "STRING_LISTS":
            column.lengths.extend(map(len, values))
            column.strings.extend(self.text(one) for value in values for one in value)
        else:
            raise ValueError(shape)

    def frame(self, sequence, watermark=OVER):
        """The message that carries it."""
        self.wire.watermark_ns = watermark
        payload = zstandard.ZstdCompressor(level=1, write_content_size=True).compress(self.wire.SerializeToString())
        return frames_pb2.BatchFrame(
            sequence=sequence, first_time_ns=min(self.times, default=0), last_time_ns=max(self.times, default=0),
            records=self.count, watermark_ns=watermark, crc32c=crc32c(payload), payload=payload)


class Connection:
    """TLS 1.3 and messages behind their lengths."""

    def __init__(self, address, ca, certificate=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(cadata=ca)
        if certificate:
            context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(socket.create_connection(address, timeout=30), server_hostname=MASTER_NAME)

    def send(self, **message):
        data = frames_pb2.Frame(**message).SerializeToString()
        self.socket.sendall(struct.pack(">I", len(data)) + data)

    def receive(self):
        """The next message and its name; (None, None) at the end."""
        head = self._exactly(4)
        if head is None:
            return None, None
        frame = frames_pb2.Frame.FromString(self._exactly(struct.unpack(">I", head)[0]))
        name = frame.WhichOneof("message")
        return name, getattr(frame, name)

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            try:
                part = self.socket.recv(count - len(data))
            except ssl.SSLEOFError:
                part = b""
            if not part:
                return None
            data += part
        return data

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def authority(address, token):
    """The certificate (PEM) of the master's authority, found by the fingerprint in the token."""
    wanted = token.split(".")[2]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(address, timeout=30) as plain:
        with context.wrap_socket(plain, server_hostname=MASTER_NAME) as secure:
            # CPython 3.13 has get_unverified_chain on the socket, older ones on the object below it.
            owner = secure if hasattr(secure, "get_unverified_chain") else secure._sslobj
            chain = [one if isinstance(one, bytes) else one.public_bytes(2) for one in owner.get_unverified_chain()]
    for der in chain:
        if hashlib.sha256(der).hexdigest() == wanted:
            return ssl.DER_cert_to_PEM_cert(der)
    raise AssertionError("this is not the master of the token")


class Client:
    """A sensor with a certificate."""

    def __init__(self, address, token, site, name, folder):
        self.address, self.ca = address, authority(address, token)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
        with Connection(address, self.ca) as connection:
            connection.send(enrol=frames_pb2.Enrol(
                token=token, csr=request.public_bytes(serialization.Encoding.DER), site=site, name=name,
                protocol_version=1))
            self.kind, self.answer = connection.receive()
        if self.kind != "enrolled":
            return
        self.certificate = f"{folder}/{site}-{name}.pem"
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                serialization.NoEncryption()).decode()
        with open(self.certificate, "w", encoding="ascii") as file:
            file.write(pem + "".join(ssl.DER_cert_to_PEM_cert(der) for der in self.answer.chain))

    def connect(self):
        """A connection that said hello, and the master's welcome."""
        connection = Connection(self.address, self.ca, self.certificate)
        connection.send(hello=frames_pb2.Hello(protocol_version=1, sensor_version="python", started_at_ns=1))
        return connection, connection.receive()
