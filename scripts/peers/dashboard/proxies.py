"""nginx and Caddy, with the files of examples/ as they are."""

import os
import pathlib
import socket
import subprocess

from place import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROXIES = ROOT / ".build/proxies"
NGINX = ROOT / "examples/nginx"
CADDY = ROOT / "examples/caddy"
# Where the examples expect the dashboard.
PORT = 8080


class Proxy:
    """A proxy's process; `port` is one that it listens on."""

    def __init__(self, folder, command, environment, port=443):
        self.log = folder / "proxy.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)
        wait_until(lambda: self.listens(port), "the proxy listens", 30)

    def listens(self, port):
        assert self.process.poll() is None, self.log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return False
        return True

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            # Caddy waits for whoever still has a stream open.
            self.process.kill()
            self.process.wait()


def nginx(folder, *, sites=(), snippet=None):
    """nginx with whole sites, or with a part of a site."""
    part = f"""
        server {{
            listen 443 ssl;
            server_name www.example.com;
            ssl_certificate /etc/ssl/example.com.pem;
            ssl_certificate_key /etc/ssl/private/example.com.key;
            location / {{ return 200 'the site itself'; }}
            include {NGINX / snippet};
        }}""" if snippet else ""
    includes = "\n".join(f"include {NGINX / site};" for site in sites)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/nginx-{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    file = folder / "nginx.conf"
    file.write_text(f"""
        daemon off;
        user root;
        pid {folder}/nginx.pid;
        error_log stderr warn;
        events {{ worker_connections 1024; }}
        http {{
            default_type application/octet-stream;
            access_log off;
            {temporary}
            {includes}
            {part}
        }}""")
    program = PROXIES / "nginx/usr/sbin/nginx"
    subprocess.run([program, "-t", "-q", "-c", file], check=True)
    return Proxy(folder, [program, "-c", file], {})


def caddy(folder, site):
    """Caddy with a site, and certificates of its own instead of those it would fetch."""
    file = folder / "Caddyfile"
    file.write_text(f"{{\n\tlocal_certs\n\tskip_install_trust\n\tadmin off\n\tgrace_period 1s\n}}\nimport {CADDY / site}\n")
    program = PROXIES / "caddy/usr/bin/caddy"
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    subprocess.run(
        [program, "validate", "--adapter", "caddyfile", "--config", file], check=True,
        capture_output=True, env={**os.environ, **home})
    return Proxy(
        folder, [program, "run", "--adapter", "caddyfile", "--config", file], home)
