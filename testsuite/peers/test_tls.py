# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""TLS of the NBD export, with libnbd's and QEMU's clients: certificates that certtool has made, and
keys that are shared. Who has not got the right ones is refused, and others are served."""

import contextlib
import os
import signal
import socket
import subprocess

import pytest
from daemon import (MIB, PATIENCE, complaints, make_file, node_of, run, same, start, tool,
                    wait_until_ready)  # fmt: skip

SERVER = ('cn = "localhost"\ndns_name = "localhost"\nip_address = "127.0.0.1"\n'
          "tls_www_server\nsigning_key\n")  # fmt: skip
CLIENT = 'cn = "client"\ntls_www_client\nsigning_key\n'
VALID = "expiration_days = 30\n"
EXPIRED = ('activation_date = "2020-01-01 00:00:00"\n'
           'expiration_date = "2020-02-01 00:00:00"\n')  # fmt: skip


class Authority:
    """Signs certificates, into folders as clients and servers want them."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.key, self.certificate = folder / "key.pem", folder / "cert.pem"
        self.make_key(self.key)
        self.make("--generate-self-signed", self.key, self.certificate,
                  'cn = "authority"\nca\ncert_signing_key\n' + VALID)  # fmt: skip

    @staticmethod
    def make_key(path):
        run("certtool", "--generate-privkey", "--key-type=ecdsa", f"--outfile={path}")

    def make(self, how, key, certificate, template, *signed_by):
        described = self.folder / "template"
        described.write_text(template)
        run("certtool", how, f"--load-privkey={key}", f"--template={described}",
            f"--outfile={certificate}", *signed_by)  # fmt: skip

    def sign(self, folder, who, template):
        """A folder with a certificate of a server or client, and this authority's own."""
        folder.mkdir()
        os.symlink(self.certificate, folder / "ca-cert.pem")
        key = folder / f"{who}-key.pem"
        self.make_key(key)
        self.make("--generate-certificate", key, folder / f"{who}-cert.pem", template,
                  f"--load-ca-certificate={self.certificate}",
                  f"--load-ca-privkey={self.key}")  # fmt: skip
        return folder


@pytest.fixture(name="folders", scope="module")
def folders_of_certificates(tmp_path_factory):
    tool("certtool")
    base = tmp_path_factory.mktemp("certificates")
    authority = Authority(base / "authority")
    other = Authority(base / "other-authority")
    made = {
        "server": authority.sign(base / "server", "server", SERVER + VALID),
        "client": authority.sign(base / "client", "client", CLIENT + VALID),
        "expired": authority.sign(base / "expired", "client", CLIENT + EXPIRED),
        "stranger": other.sign(base / "stranger", "client", CLIENT + VALID),
        "expired-server": authority.sign(base / "expired-server", "server", SERVER + EXPIRED),
        "anonymous": base / "anonymous",
    }
    made["anonymous"].mkdir()
    os.symlink(authority.certificate, made["anonymous"] / "ca-cert.pem")
    # Believes in the server, and has a certificate of somebody else.
    (made["stranger"] / "ca-cert.pem").unlink()
    os.symlink(authority.certificate, made["stranger"] / "ca-cert.pem")
    return made


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving_securely(disk, credentials, refused=0):
    """Its port. The daemon has to end well, and to have had a word on each that it has refused."""
    port = free_port()
    daemon = start("--blockdev", node_of("disk", disk), "--object", f"{credentials},id=tls",
                   "--nbd-server", f"addr.type=inet,addr.host=127.0.0.1,addr.port={port},"
                   "tls-creds=tls", "--export", "nbd,id=disk,node-name=disk,writable=on")  # fmt: skip
    try:
        wait_until_ready(daemon)
        yield port
        daemon.send_signal(signal.SIGTERM)
        said = complaints(daemon.communicate(timeout=PATIENCE)[1])
        assert daemon.returncode == 0, said
        assert len(said) == refused, said
    finally:
        daemon.kill()
        daemon.wait()


def certificates_of(folder, verify_peer=True):
    return f"tls-creds-x509,dir={folder},verify-peer={'on' if verify_peer else 'off'}"


def uri(port, folder):
    return f"nbds://localhost:{port}/disk?tls-certificates={folder}"


def qemu_options(port, credentials):
    return ("--object", f"{credentials},id=tls,endpoint=client", "--image-opts",
            f"driver=nbd,host=localhost,port={port},export=disk,tls-creds=tls")  # fmt: skip


def is_refused(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False,
                          encoding="utf-8", timeout=PATIENCE)  # fmt: skip
    return done.returncode != 0


@pytest.fixture(name="disk")
def empty_disk(tmp_path):
    path = tmp_path / "disk"
    with open(path, "wb") as file:
        file.truncate(16 * MIB)
    return path


def test_libnbd_with_certificates(tmp_path, disk, folders):
    tool("nbdcopy")
    source = make_file(tmp_path / "source", 16 * MIB, 3)
    with serving_securely(disk, certificates_of(folders["server"])) as port:
        place = uri(port, folders["client"])
        assert "protocol: newstyle-fixed with TLS" in run("nbdinfo", place)
        copy = ("nbdcopy", "--connections=4", "--requests=16", "--flush")
        run(*copy, source, place)
        run(*copy, place, tmp_path / "back")
    assert same(source, disk)
    assert same(source, tmp_path / "back")


def test_qemu_with_certificates(tmp_path, disk, folders):
    tool("qemu-img")
    source = make_file(tmp_path / "source", 16 * MIB, 4)
    with serving_securely(disk, certificates_of(folders["server"])) as port:
        options = qemu_options(port, f"tls-creds-x509,dir={folders['client']}")
        said = run("qemu-io", *options, "-c", "write -P 0x5a 1M 1M", "-c", "read -P 0x5a 1M 1M",
                   "-c", "flush")  # fmt: skip
        assert "failed" not in said
        target = f"driver=nbd,host=localhost,port={port},export=disk,tls-creds=tls"
        run("qemu-img", "convert", *options[:2], "-n", "--target-image-opts", "-f", "raw", source,
            target)  # fmt: skip
        run("qemu-img", "compare", *options, f"driver=file,filename={source}")


@pytest.mark.parametrize("who", ["expired", "stranger", "anonymous"])
def test_certificates_that_are_not_right(disk, folders, who):
    tool("nbdinfo")
    with serving_securely(disk, certificates_of(folders["server"]), refused=2) as port:
        assert is_refused("nbdinfo", uri(port, folders[who]))
        assert is_refused("nbdcopy", uri(port, folders[who]), "null:")
        run("nbdinfo", uri(port, folders["client"]))


def test_a_certificate_is_not_needed_if_nobody_looks(disk, folders):
    tool("nbdinfo")
    with serving_securely(disk, certificates_of(folders["server"], verify_peer=False)) as port:
        run("nbdinfo", uri(port, folders["anonymous"]))
        run("qemu-img", "info",
            *qemu_options(port, f"tls-creds-x509,dir={folders['anonymous']}"))  # fmt: skip


def test_clients_without_tls_are_refused(disk, folders):
    tool("nbdinfo")
    with serving_securely(disk, certificates_of(folders["server"])) as port:
        plain = f"nbd://localhost:{port}/disk"
        assert is_refused("nbdinfo", plain)
        assert is_refused("qemu-img", "info", plain)
        assert is_refused("nbdcopy", plain, "null:")
        run("nbdinfo", uri(port, folders["client"]))


def test_clients_refuse_a_server_that_is_not_right(disk, folders):
    tool("nbdinfo")
    # QEMU's looks when the handshake is done, and then leaves as anybody may.
    with serving_securely(disk, certificates_of(folders["expired-server"]), refused=1) as port:
        assert is_refused("nbdinfo", uri(port, folders["client"]))
        assert is_refused("qemu-img", "info",
                          *qemu_options(port, f"tls-creds-x509,dir={folders['client']}"))  # fmt: skip


def test_keys_that_are_shared(tmp_path, disk):
    tool("psktool")
    for folder in ("server", "client", "other"):
        (tmp_path / folder).mkdir()
    server, client, other = (tmp_path / name / "keys.psk" for name in ("server", "client", "other"))
    run("psktool", "-u", "alice", "-p", server)
    run("psktool", "-u", "bob", "-p", server)
    client.write_text(server.read_text().splitlines()[0] + "\n")
    run("psktool", "-u", "alice", "-p", other)
    run("psktool", "-u", "mallory", "-p", other)
    source = make_file(tmp_path / "source", 16 * MIB, 5)
    with serving_securely(disk, f"tls-creds-psk,dir={server.parent}", refused=3) as port:

        def place(who, keys):
            return f"nbds://{who}@localhost:{port}/disk?tls-psk-file={keys}"

        assert "with TLS" in run("nbdinfo", place("alice", client))
        run("nbdcopy", "--connections=4", "--flush", source, place("bob", server))
        options = qemu_options(port, f"tls-creds-psk,dir={client.parent},username=alice")
        run("qemu-img", "compare", *options, f"driver=file,filename={source}")
        # The wrong key, somebody whom nobody knows, and certificates where there are keys.
        assert is_refused("nbdinfo", place("alice", other))
        assert is_refused("nbdinfo", place("mallory", other))
        assert is_refused("nbdinfo", f"nbds://localhost:{port}/disk")
        assert is_refused("nbdinfo", f"nbd://localhost:{port}/disk")
        run("nbdinfo", place("alice", client))
    assert same(source, disk)
