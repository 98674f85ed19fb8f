"""GET /metrics of a UNIX socket on a port of its own, which is printed with another that is free.

    metrics_proxy.py SOCKET
"""

import http.client
import http.server
import socket
import sys


class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(sys.argv[1])


class Proxy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            connection = Connection("localhost")
            connection.request("GET", "/metrics")
            answer = connection.getresponse()
            status, body = answer.status, answer.read()
        except OSError:
            status, body = 502, b""
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
with socket.create_server(("127.0.0.1", 0)) as other:
    free = other.getsockname()[1]
print(server.server_port, free, flush=True)
server.serve_forever()
