"""Metrics, the parts of health, and who may see them."""
import re

import pytest

import ttlv
from certificates import Authority
from ttlv import encrypt, get


def samples(text):
    """The series with their values; every line is one, or a comment."""
    found = {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            continue
        name, value = re.fullmatch(r'([a-z_]+(?:\{[^{}]*\})?) (-?[0-9.e+-]+)', line).groups()
        found[name] = float(value)
    return found


def test_operations_are_counted_with_their_results_and_times(new_server):
    server = new_server(options=["--metrics"]).start()
    key = server.create()
    for _ in range(3):
        server.kmip(encrypt(key, b"x"))
    server.post(get("nowhere"))
    server.post(get("nowhere"), headers={"Host": "evil.example"})

    answer = server.session.get(f"{server.url}/metrics", timeout=10)

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = samples(answer.text)
    assert found['kms_operations_total{operation="Encrypt",result="success"}'] == 3
    assert found['kms_operations_total{operation="Get",result="denied"}'] == 1
    assert found['kms_operation_duration_seconds_count{operation="Encrypt"}'] == 3
    assert found['kms_operation_duration_seconds_bucket{operation="Encrypt",le="+Inf"}'] == 3
    assert found['kms_refused_total{reason="host"}'] == 1
    assert found["kms_database_up"] == 1 and found["kms_connections"] >= 1 and found["kms_key_cache_objects"] == 1
    assert "kms_certificate_expiry_timestamp_seconds" not in found
    counts = [value for name, value in found.items() if name.startswith("kms_operation_duration_seconds_bucket{operation=\"Create\"")]
    assert counts == sorted(counts)


def test_what_clients_send_makes_no_series(new_server):
    server = new_server(options=["--metrics"]).start()
    before = len(samples(server.session.get(f"{server.url}/metrics", timeout=10).text))
    for at in range(30):
        server.session.get(f"{server.url}/path-{at}", timeout=10)
        server.post("{}", headers={"traceparent": f"00-{at:032x}-{at:016x}-01"})
    assert len(samples(server.session.get(f"{server.url}/metrics", timeout=10).text)) == before


def test_nothing_is_shown_unless_asked_for(new_server):
    server = new_server().start()
    assert server.session.get(f"{server.url}/metrics", timeout=10).status_code == 404


def test_metrics_and_parts_of_health_are_for_monitors_and_auditors(new_server, tmp_path):
    authority = Authority(tmp_path / "authority")
    shown = authority.server()
    server = new_server(ca=str(authority.path), options=[
        f"--https-cert-file={shown.cert_path}", f"--https-key-file={shown.key_path}", "--metrics",
        f"--authority-cert-file={authority.path}", "--client-certificates=optional", "--auditors=audrey",
        "--monitors=moni"]).start()
    seen = {}
    for name in ["alice", "audrey", "moni", None]:
        session = server.new_session(cert=authority.issue(name).pair if name else None)
        metrics = session.get(f"{server.url}/metrics", timeout=10)
        seen[name] = (metrics.status_code, sorted(session.get(f"{server.url}/health", timeout=10).json()))
    parts = ["database", "process"]
    assert seen == {"alice": (403, ["status"]), "audrey": (200, parts), "moni": (200, parts), None: (401, ["status"])}
    found = samples(server.new_session(cert=authority.issue("moni").pair).get(f"{server.url}/metrics", timeout=10).text)
    assert found["kms_certificate_expiry_timestamp_seconds"] == pytest.approx(
        shown.certificate.not_valid_after_utc.timestamp())
    assert found['kms_refused_total{reason="authentication"}'] >= 1
    assert ttlv.located(server.kmip(ttlv.structure("Locate", ttlv.structure("Attributes")), session=server.new_session(
        cert=authority.issue("moni").pair))) == []
