#!/usr/bin/env python3
"""Measures the service beside its peers and its floor, on the same files, in one run; prints a Markdown table.

    run.py --bin DIR --work DIR [--only NAMES] [--rounds N] [--quick]

Started by packaging/benchmark, which builds what is measured. Each ratio comes from two programs that take turns; a figure is
the median of the rounds, a ratio the median of the ratios of each round. Files are in the page cache.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import random
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
OPERATIONS = "/v1/projects/local/locations/local/datasets/dicom/operations"


class Service:
    """The real service on a store, with a new state unless one is given."""

    def __init__(self, binaries, store, state, wrapper=(), keep=False):
        self.store, self.state = pathlib.Path(store), pathlib.Path(state)
        if not keep:
            shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir(parents=True, exist_ok=True)
        self.table = self.state / "warehouse/local/dicom.db"
        self.log = open(self.state / "log", "ab")
        self.started = time.monotonic()
        command = [*wrapper, str(binaries / "dicomexportd"), "--store", str(store), "--state", str(state)]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        """Of the service itself, also below a wrapper."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        name = pathlib.Path(f"/proc/{self.process.pid}/comm").read_text().strip()
        return self.process.pid if name == "dicomexportd" or not children else int(children[0])

    def get(self, path, method="GET", body=""):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(60)
            connection.connect(str(self.state / "control.sock"))
            head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}"
            connection.sendall(f"{head}\r\n\r\n{body}".encode())
            received = b""
            while part := connection.recv(1 << 16):
                received += part
        head, _, body = received.partition(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(f"{path}: {received[:300]!r}")
        if b"chunked" in head.lower():
            plain = b""
            while (size := int(body.split(b"\r\n", 1)[0], 16)) > 0:
                body = body.split(b"\r\n", 1)[1]
                plain, body = plain + body[:size], body[size + 2:]
            body = plain
        return json.loads(body)

    def wait_ready(self):
        """Returns the seconds from the start until it answered."""
        while True:
            try:
                self.get("/status")
                return time.monotonic() - self.started
            except (OSError, RuntimeError):
                if self.process.poll() is not None:
                    sys.exit(f"the service ended: {(self.state / 'log').read_text()[-2000:]}")
                time.sleep(0.002)

    def wait_idle(self):
        """Returns the seconds from the start until no scan ran and nothing was pending."""
        while True:
            store = self.get("/status")["stores"][0]
            streams = store["streams"]
            if store["scan"]["state"] != "running" and store["scan"].get("endTime") and all(
                    s["state"] == "current" and s["change"] == store["change"] for s in streams):
                return time.monotonic() - self.started
            time.sleep(0.02)

    def export(self, table, disposition="WRITE_TRUNCATE"):
        """Starts an export; the name of its operation."""
        store = self.get("/status")["stores"][0]["name"]
        destination = {"tableUri": f"bq://local.dicom.{table}", "writeDisposition": disposition}
        return self.get(f"/v1/{store}:export", "POST", json.dumps({"bigqueryDestination": destination}))["name"]

    def wait_export(self, name, total):
        """Returns the rows of an export, the seconds that it took, and those of its landing: after the last row was staged."""
        begin, staged = time.monotonic(), None
        while True:
            operation = self.get(f"/v1/{name}")
            now = time.monotonic()
            if operation.get("error"):
                sys.exit(f"export: {operation}")
            success = int(operation["metadata"].get("counter", {}).get("success", 0))
            if staged is None and success >= total:
                staged = now
            if operation.get("done"):
                return success, now - begin, now - (staged or now)
            time.sleep(0.005)

    def reader(self):
        while not self.table.exists():
            time.sleep(0.001)
        connection = sqlite3.connect(f"file:{self.table}?mode=ro", uri=True, isolation_level=None)
        return connection

    def last_row(self, connection):
        try:
            return connection.execute("SELECT max(rowid) FROM instances").fetchone()[0] or 0
        except sqlite3.OperationalError:
            return 0

    def memory(self, name):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1024

    def stop(self):
        if self.process.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
            self.process.wait(30)


class Bench:
    def __init__(self, arguments):
        self.bin, self.work = pathlib.Path(arguments.bin), pathlib.Path(arguments.work)
        self.rounds, self.quick = arguments.rounds, arguments.quick
        self.rows = []

    # What is measured is told twice: as it goes on, to people; as a table, at the end.
    def report(self, what, value, bar=""):
        print(f"  {what}: {value}" + (f" (bar: {bar})" if bar else ""), file=sys.stderr, flush=True)
        self.rows.append((what, value, bar))

    def corpus(self, count, pixels=None):
        """The root of a corpus and the list of its files; made once."""
        root = self.work / f"corpus-{count}"
        done = self.work / f"corpus-{count}.list"
        if not done.exists():
            shutil.rmtree(root, ignore_errors=True)
            extra = ["--pixels", str(pixels)] if pixels else []
            subprocess.run([sys.executable, HERE / "corpus.py", root, str(count), *extra], check=True,
                           stderr=subprocess.DEVNULL)
            done.write_text("".join(f"{path}\n" for path in sorted(root.rglob("*.dcm"))))
        files = done.read_text().split()
        for path in files:  # warm the page cache
            with open(path, "rb") as file:
                file.read()
        return root, files

    def rates(self, command, files, passes=1):
        """Files per second of each pass of a program that reads the list of files from its input."""
        result = subprocess.run([str(word) for word in [*command, passes]], input="\n".join(files) + "\n", text=True,
                                stdout=subprocess.PIPE, check=True)
        return [float(line) for line in result.stdout.split()]

    def once(self, command, files):
        start = time.monotonic()
        subprocess.run([str(word) for word in command] + files, check=True, stdout=subprocess.DEVNULL)
        return len(files) / (time.monotonic() - start)

    def headers(self):
        """Header to column values, on one core, against the floor's parse, DCMTK and pydicom."""
        _, files = self.corpus(10_000)
        some = files[::10]
        ours = ["taskset", "-c", "0", self.bin / "Benchmarks", "headers"]
        floor = ["taskset", "-c", "0", self.work / "floor", "-"]
        pydicom = ["taskset", "-c", "0", sys.executable, HERE / "pydicom_peer.py"]
        dcmdump = ["taskset", "-c", "0", "dcmdump", "-q", "-M", "+sb", "7fe0,0010"]
        rate, to_floor, to_pydicom, to_dcmdump, absolute = [], [], [], [], []
        for _ in range(self.rounds):
            a, b = statistics.median(self.rates(floor, files, 3)), statistics.median(self.rates(ours, files, 3))
            rate.append(b)
            absolute.append(a)
            to_floor.append(b / a)
            # On fewer files, since the peers take seconds for them.
            c = statistics.median(self.rates(ours, some, 9))
            to_pydicom.append(c / self.rates(pydicom, some)[0])
            to_dcmdump.append(c / self.once(dcmdump, some))
        median = statistics.median
        self.report("header to column values, one core, files/s", f"{median(rate):,.0f}", "25,000")
        self.report("the floor's parse, files/s", f"{median(absolute):,.0f}")
        self.report("... against the floor's parse", f"{median(to_floor):.2f}", "0.75")
        self.report("... against pydicom (read, to_json_dict)", f"{median(to_pydicom):,.0f}", "300")
        self.report("... against dcmdump -M +sb 7fe0,0010", f"{median(to_dcmdump):,.0f}", "30")
        shuffled = files[:]
        random.Random(1).shuffle(shuffled)
        apart = [statistics.median(self.rates(ours, shuffled, 3)) / statistics.median(self.rates(floor, shuffled, 3))
                 for _ in range(self.rounds)]
        self.report("... against the floor's parse, all series mixed", f"{median(apart):.2f}")

    def kinds(self):
        """Header to column values of files that are not slices, against pydicom and DCMTK."""
        root = self.work / "kinds"
        if not (root / "done").exists():
            shutil.rmtree(root, ignore_errors=True)
            subprocess.run([sys.executable, HERE / "kinds.py", root], check=True, stderr=subprocess.DEVNULL)
            (root / "done").touch()
        ours = ["taskset", "-c", "0", self.bin / "Benchmarks", "headers"]
        pydicom = ["taskset", "-c", "0", sys.executable, HERE / "pydicom_peer.py"]
        dcmdump = ["taskset", "-c", "0", "dcmdump", "-q", "-M", "+sb", "7fe0,0010"]
        names = {"enhanced": "enhanced MR, 200 frames", "report": "structured report, 300 items",
                 "private": "CT with 600 private elements"}
        median = statistics.median
        for kind, name in names.items():
            files = [str(path) for path in sorted((root / kind).glob("*.dcm"))]
            size = sum(os.path.getsize(path) for path in files) / len(files)
            rates, to_pydicom, to_dcmdump = [], [], []
            for _ in range(self.rounds):
                rate = median(self.rates(ours, files, 5))
                rates.append(rate)
                to_pydicom.append(rate / self.rates(pydicom, files[:50])[0])
                to_dcmdump.append(rate / self.once(dcmdump, files))
            self.report(f"{name} ({size / 1024:.0f} KiB), files/s", f"{median(rates):,.0f}")
            self.report("... against pydicom", f"{median(to_pydicom):,.0f}")
            self.report("... against dcmdump", f"{median(to_dcmdump):,.0f}")

    def end_to_end(self):
        """Files to committed rows, log and table, by the service as it is, against the floor with insert."""
        root, files = self.corpus(10_000)
        for label, bar, pin in (("", "0.65", []), (", one core", "0.5", ["taskset", "-c", "0"])):
            ratios, rates, floors, total = [], [], [], []
            for _ in range(self.rounds):
                floor = statistics.median(self.rates([*pin, self.work / "floor", self.work / "floor.db"], files))
                rate, whole = self.backfill(root, len(files), pin)
                rates.append(rate)
                floors.append(floor)
                ratios.append(rate / floor)
                total.append(whole)
            median = statistics.median
            self.report(f"files to committed rows{label}, files/s, first to last commit", f"{median(rates):,.0f}")
            self.report(f"the floor with insert{label}, files/s", f"{median(floors):,.0f}")
            self.report(f"files to committed rows against the floor{label}", f"{median(ratios):.2f}", bar)
            self.report(f"from exec to the last of 10,000 rows{label}, s", f"{median(total):.2f}")

    def backfill(self, root, count, wrapper=()):
        with Service(self.bin, root, self.work / "state", wrapper) as service:
            reader = service.reader()
            while (first := service.last_row(reader)) == 0:
                time.sleep(0.0005)
            begin = time.monotonic()
            while (last := service.last_row(reader)) < count:
                time.sleep(0.002)
                if service.process.poll() is not None:
                    sys.exit(f"the service ended: {(service.state / 'log').read_text()[-2000:]}")
            end = time.monotonic()
            reader.close()
        return (last - first) / (end - begin), end - service.started

    def latency(self):
        """rename() into the store to the row that another process sees, on an idle host."""
        _, files = self.corpus(10_000)
        store = self.work / "latency-store"
        shutil.rmtree(store, ignore_errors=True)
        (store / "study/series").mkdir(parents=True)
        content = [pathlib.Path(path).read_bytes() for path in files[:1000]]
        samples = 200 if self.quick else 1000
        with Service(self.bin, store, self.work / "state") as service:
            service.wait_ready()
            service.wait_idle()
            times = []
            reader = None
            for number in range(samples + 20):
                part, final = store / f"study/series/.{number}.part", store / f"study/series/{number}.dcm"
                part.write_bytes(content[number % 1000])
                time.sleep(0.02)
                begin = time.monotonic()
                os.rename(part, final)
                if reader is None:
                    reader = service.reader()
                while service.last_row(reader) < number + 1:
                    if time.monotonic() > begin + 30:
                        sys.exit("no row within 30 s")
                if number >= 20:  # the first ones make columns
                    times.append((time.monotonic() - begin) * 1000)
            reader.close()
            times.sort()
            self.report("event to visible row, idle host, p50, ms", f"{times[len(times) // 2]:.1f}", "under 5")
            self.report("... p99, ms", f"{times[len(times) * 99 // 100]:.1f}", "under 25")
        shutil.rmtree(store)

    def exports(self):
        """An export beside the stream on the same files, the cost of a landing, and what a stream's rows wait for it."""
        root, files = self.corpus(10_000)
        ratios, rates, streams = [], [], []
        for _ in range(self.rounds):
            stream, _ = self.backfill(root, len(files))
            with Service(self.bin, root, self.work / "state", keep=True) as service:
                service.wait_ready()
                service.wait_idle()
                rows, seconds, _ = service.wait_export(service.export("exported"), len(files))
            streams.append(stream)
            rates.append(rows / seconds)
            ratios.append(rows / seconds / stream)
        median = statistics.median
        self.report("an export, from the request to its end, files/s", f"{median(rates):,.0f}")
        self.report("the stream's backfill of the same files, files/s", f"{median(streams):,.0f}")
        self.report("an export against the stream", f"{median(ratios):.2f}")
        self.export_latency(files)
        self.landing()

    def export_latency(self, files):
        """rename() to visible row, while one export follows another."""
        store = self.work / "latency-store"
        shutil.rmtree(store, ignore_errors=True)
        (store / "study").mkdir(parents=True)
        content = [pathlib.Path(path).read_bytes() for path in files[:1000]]
        for number in range(2_000 if self.quick else 10_000):
            os.link(files[number], store / f"study/linked-{number}.dcm")
        samples = 100 if self.quick else 1000
        count = len(list((store / "study").iterdir()))
        with Service(self.bin, store, self.work / "state") as service:
            service.wait_ready()
            self.wait_rows(service, count)
            reader, times, ended, name = service.reader(), [], 0, service.export("exported")
            for number in range(samples):
                if service.get(f"/v1/{name}").get("done"):
                    ended, name = ended + 1, service.export("exported")
                part, final = store / f"study/.{number}.part", store / f"study/new-{number}.dcm"
                # The instance is one that the store has: a copy, and a row of its own.
                part.write_bytes(content[number % 1000])
                time.sleep(0.02)
                begin = time.monotonic()
                os.rename(part, final)
                while service.last_row(reader) < count + number + 1:
                    if time.monotonic() > begin + 60:
                        sys.exit("no row within 60 s")
                times.append((time.monotonic() - begin) * 1000)
            reader.close()
        times.sort()
        self.report("event to visible row while exports run, p50, ms", f"{times[len(times) // 2]:.1f}")
        self.report("... p99, ms", f"{times[len(times) * 99 // 100]:.1f}")
        self.report("... longest, ms", f"{times[-1]:.1f}")
        self.report("... exports that ended meanwhile", f"{ended}")
        shutil.rmtree(store)

    def landing(self):
        """What landing rows costs into a table that has ten times as many."""
        count = 2_000 if self.quick else 100_000
        root, _ = self.corpus(count, pixels=512)
        with Service(self.bin, root, self.work / "state") as service:
            service.wait_ready()
            self.wait_rows(service, count)
            service.wait_export(service.export("large"), count)
            dataset = service.table
        # With the service stopped: a table of copies.
        connection = sqlite3.connect(dataset, isolation_level=None)
        connection.execute("CREATE TEMP TABLE last AS SELECT max(rowid) AS row FROM large")
        for _ in range(9):
            connection.execute("INSERT INTO large SELECT * FROM large WHERE rowid <= (SELECT row FROM last)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        with Service(self.bin, root, self.work / "state", keep=True) as service:
            service.wait_ready()
            service.wait_idle()
            rows = f"{count:,} rows into a table of {10 * count:,}"
            for disposition, words in (("WRITE_APPEND", "append"), ("WRITE_TRUNCATE", "replace")):
                _, seconds, landing = service.wait_export(service.export("large", disposition), count)
                self.report(f"{words}, {rows}: the landing, s", f"{landing:.2f}")
                self.report("... the whole export, s", f"{seconds:.1f}")

    def vanished(self):
        """A stream that is behind by files that are no longer there: how fast it is current again."""
        _, files = self.corpus(10_000)
        count = 2_000 if self.quick else 10_000
        for label, step in (("all", 1), ("every other one", 2)):
            rounds = [self.vanish(files[:count], step) for _ in range(self.rounds)]
            self.report(f"a stream behind by {count:,} entries, the files of {label} gone: vanished entries/s",
                        f"{statistics.median(gone / seconds for gone, seconds in rounds):,.0f}", "1,000")
            self.report("... from exec until it is current, s",
                        f"{statistics.median(seconds for _, seconds in rounds):.2f}")

    def vanish(self, files, step):
        """The number of files that vanished, and the seconds from exec until the stream has all of them behind it."""
        store, state = self.work / "vanished-store", self.work / "state"
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir()
        # One that stays: the dataset is there before it is locked.
        os.link(files[0], store / "stays.dcm")
        with Service(self.bin, store, state) as service:
            service.wait_ready()
            self.wait_rows(service, 1)
        names = [store / f"{number // 100}/{number}.dcm" for number in range(1, len(files))]
        for name, file in zip(names, files[1:]):
            name.parent.mkdir(exist_ok=True)
            os.link(file, name)
        # While somebody else has the dataset the log goes on, and the stream does not.
        lock = sqlite3.connect(service.table, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        with Service(self.bin, store, state, keep=True) as service:
            service.wait_ready()
            while int(service.get("/status")["stores"][0]["instances"]) < len(files):
                time.sleep(0.02)
            service.process.kill()
            service.process.wait()
        gone = names[::step]
        for name in gone:
            name.unlink()
        lock.execute("ROLLBACK")
        lock.close()
        with Service(self.bin, store, state, keep=True) as service:
            service.wait_ready()
            seconds = service.wait_idle()
            count = service.reader().execute("SELECT count(*) FROM _dicomexportd_gone").fetchone()[0]
            if count != len(gone):
                sys.exit(f"{count} are GONE, of {len(gone)}")
        shutil.rmtree(store)
        return len(gone), seconds

    def scale(self):
        """Memory at 10^4 and 10^5 files, restart over the unchanged store, idle."""
        peaks = {}
        root, files = self.corpus(10_000)
        with Service(self.bin, root, self.work / "state") as service:
            service.wait_ready()
            self.wait_rows(service, 10_000)
            peaks[10_000] = service.memory("VmHWM")
        # Small ones: their headers are as long, and headers are all that is read.
        count = 20_000 if self.quick else 100_000
        root, files = self.corpus(count, pixels=512)
        with Service(self.bin, root, self.work / "state") as service:
            service.wait_ready()
            self.wait_rows(service, count)
            peaks[count] = service.memory("VmHWM")
        for number, peak in peaks.items():
            self.report(f"peak memory, backfill of {number:,} files, MiB", f"{peak:.0f}", "under 96, flat")

        # Entries younger than two seconds when they are logged are read again at the next start, once.
        time.sleep(3)
        with Service(self.bin, root, self.work / "state", keep=True) as service:
            service.wait_ready()
            service.wait_idle()
        ready, scanned = [], []
        for _ in range(self.rounds):
            with Service(self.bin, root, self.work / "state", keep=True) as service:
                ready.append(service.wait_ready())
                scanned.append(service.wait_idle())
        self.report(f"restart over {count:,} unchanged files, to READY, s", f"{statistics.median(ready):.2f}",
                    "under 1 (10 s for 10^6)")
        self.report("... to the end of its scan, s", f"{statistics.median(scanned):.2f}")
        trace = self.work / "trace"
        with Service(self.bin, root, self.work / "state", keep=True,
                     wrapper=["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", str(trace)]) as service:
            service.wait_ready()
            service.wait_idle()
        with open(trace) as lines:
            opened = sum('.dcm"' in line for line in lines)
        self.report("... files opened (strace)", f"{opened}", "0")

    def wait_rows(self, service, count):
        reader = service.reader()
        while service.last_row(reader) < count:
            time.sleep(0.05)
            if service.process.poll() is not None:
                sys.exit(f"the service ended: {(service.state / 'log').read_text()[-2000:]}")
        reader.close()

    def idle(self):
        """What a service does that has nothing to do."""
        root, _ = self.corpus(10_000)
        seconds = 20
        with Service(self.bin, root, self.work / "state") as service:
            service.wait_ready()
            self.wait_rows(service, 10_000)
        with Service(self.bin, root, self.work / "state", keep=True) as service:
            service.wait_ready()
            service.wait_idle()
            time.sleep(8)  # libdispatch's workers leave after five
            self.report("idle, resident, MiB", f"{service.memory('VmRSS'):.0f}", "under 30")
            before = self.cpu(service.pid)
            time.sleep(seconds)
            used = sum(now - before.get(task, 0) for task, now in self.cpu(service.pid).items())
            self.report("idle, CPU in 10 s, ms", f"{used / seconds * 10:.1f}", "1")
            counts = self.work / "calls"
            tracer = subprocess.Popen(["strace", "-c", "-f", "-qq", "-p", str(service.pid), "-o", str(counts)],
                                      stderr=subprocess.DEVNULL)
            time.sleep(seconds)
            tracer.send_signal(signal.SIGINT)
            tracer.wait(10)
            total = re.search(r"^\S+\s+\S+\s+\S*\s+(\d+)\s.*total$", counts.read_text(), re.MULTILINE)
            self.report("idle, system calls per second", f"{int(total[1]) / seconds:.1f}" if total else "0", "5")

    @staticmethod
    def cpu(pid):
        """Milliseconds of each thread by the scheduler's clock: the ticks of /proc/PID/stat are too coarse."""
        times = {}
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            try:
                times[task.name] = int((task / "schedstat").read_text().split()[0]) / 1e6
            except OSError:
                pass  # it has left meanwhile
        return times

    def table(self, command):
        model = "unknown processor"
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                model = line.split(":")[1].strip()
                break
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        system = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
        lines = [
            f"{datetime.date.today()}, {model}, {os.cpu_count()} cores, {memory:.0f} GiB, {system}, kernel "
            f"{platform.release()}, SQLite {sqlite3.sqlite_version}; `{command}`, medians of {self.rounds}.", "",
            "| what | measured | bar |", "|---|---:|---:|"]
        lines += [f"| {what} | {value} | {bar} |" for what, value, bar in self.rows]
        return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="directory of the built executables")
    parser.add_argument("--work", required=True, help="directory for corpus, states and results")
    parser.add_argument("--only", default="headers,kinds,end_to_end,latency,scale,idle,exports,vanished")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="fewer files and samples: for trying it out")
    parser.add_argument("--command", default="Benchmarks/run.py", help="how it was called, for the table")
    arguments = parser.parse_args()
    bench = Bench(arguments)
    for name in arguments.only.split(","):
        print(f"{name}", file=sys.stderr, flush=True)
        getattr(bench, name)()
    table = bench.table(arguments.command)
    (bench.work / "table.md").write_text(table)
    print(table)


main()
