"""Certificates made for tests: an authority, what it issues, and what it takes back."""
import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
HOUR = datetime.timedelta(hours=1)


def subject(common_name=None, units=()):
    parts = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units]
    if common_name is not None:
        parts.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name, _validate=False))
    return x509.Name(parts)


class Issued:
    """A certificate with its key and those above it, as files of `folder`."""

    def __init__(self, folder, name, certificate, key, chain=()):
        self.certificate, self.key, self.chain = certificate, key, list(chain)
        self.cert_path, self.key_path = folder / f"{name}.pem", folder / f"{name}.key"
        self.p12_path = folder / f"{name}.p12"
        self.cert_path.write_bytes(pem(certificate, *self.chain))
        self.key_path.write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        self.key_path.chmod(0o600)

    @property
    def pair(self):
        return str(self.cert_path), str(self.key_path)

    @property
    def serial(self):
        return f"{self.certificate.serial_number:x}"

    def p12(self, password):
        """Writes and answers the PKCS#12 file."""
        protection = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        self.p12_path.write_bytes(pkcs12.serialize_key_and_certificates(
            b"server", self.key, self.certificate, self.chain, protection))
        self.p12_path.chmod(0o600)
        return self.p12_path


def pem(*certificates):
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates)


class Authority:
    """A root, or with `parent` one below another; `path` is its certificate."""

    def __init__(self, folder, name="authority", parent=None, path_length=None):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.name, self.parent = folder, name, parent
        self.key = ec.generate_private_key(ec.SECP256R1())
        signer, issuer = (parent.key, parent.certificate.subject) if parent else (self.key, subject(name))
        self.certificate = (
            x509.CertificateBuilder().subject_name(subject(name)).issuer_name(issuer)
            .public_key(self.key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 24 * HOUR).not_valid_after(NOW + 24 * HOUR)
            .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
            .add_extension(x509.KeyUsage(
                False, False, False, False, False, True, True, False, False), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .sign(signer, hashes.SHA256()))
        self.path = folder / f"{name}.ca.pem"
        self.path.write_bytes(pem(self.certificate))

    def issue(self, name, common_name=..., *, units=(), sans=(), usage=ExtendedKeyUsageOID.CLIENT_AUTH,
              begins=-HOUR, ends=HOUR, key=None, authority=False):
        """A certificate for `common_name` (the file's name unless given; None for none)."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        builder = (
            x509.CertificateBuilder().subject_name(subject(name if common_name is ... else common_name, units))
            .issuer_name(self.certificate.subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(NOW + begins).not_valid_after(NOW + ends)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False))
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        if sans:
            builder = builder.add_extension(x509.SubjectAlternativeName(list(sans)), critical=False)
        certificate = builder.sign(self.key, hashes.SHA256())
        return Issued(self.folder, name, certificate, key, [self.certificate] if self.parent else [])

    def server(self, name="server", **more):
        """A certificate for the address that servers under test listen on."""
        sans = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
        return self.issue(name, sans=sans, usage=ExtendedKeyUsageOID.SERVER_AUTH, **more)

    def revoke(self, *issued, begins=-HOUR, ends=HOUR, name=None):
        """A file with the authority's list of what it took back."""
        builder = (
            x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
            .last_update(NOW + begins).next_update(NOW + ends))
        for each in issued:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
                .revocation_date(NOW - HOUR).build())
        path = self.folder / f"{name or self.name}.crl.pem"
        path.write_bytes(builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return path
