"""What jupyter_kernel_test does not ask: interrupts, order, bad clients, the end.

Limits on times are wide; the times themselves are printed at the end.
"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import unittest

import settings
import zmq
from jupyter_client.manager import KernelManager
from jupyter_client.session import Session
from suite import start

must_fail = [
    "BadClients.idle_and_foreign_connections", "BadClients.subscriber_that_never_reads",
    "Protocol.interrupt_keeps_state", "Protocol.many_lines_in_order", "Protocol.output_before_idle", "Protocol.stdin",
    "Protocol.stop_on_error", "End.shutdown", "End.shutdown_during_a_cell", "End.orphan_exits",
]

channels = ("shell", "control", "stdin", "iopub", "hb")


def gone(pid):
    """Whether the process has ended; a zombie has."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def eventually(what, limit):
    end = time.monotonic() + limit
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


class Run:
    """One executed cell: its reply and its messages on iopub, up to idle."""

    def __init__(self, client, code, **options):
        self.client = client
        self.id = client.execute(code, **options)
        self.outputs = []

    def until(self, stop):
        while True:
            msg = self.client.get_iopub_msg(timeout=settings.patience)
            if msg["parent_header"].get("msg_id") != self.id:
                continue
            self.outputs.append(msg)
            if stop(msg):
                return self

    def running(self):
        return self.until(lambda m: m["msg_type"] == "execute_input")

    def finish(self):
        self.until(lambda m: m["msg_type"] == "status" and m["content"]["execution_state"] == "idle")
        while True:
            self.reply = self.client.get_shell_msg(timeout=settings.patience)
            if self.reply["parent_header"].get("msg_id") == self.id:
                return self

    @property
    def status(self):
        return self.reply["content"]["status"]

    def text(self, name="stdout"):
        return "".join(m["content"]["text"] for m in self.outputs if m["msg_type"] == "stream" and m["content"]["name"] == name)

    def result(self):
        for m in self.outputs:
            if m["msg_type"] == "execute_result":
                return m["content"]["data"]["text/plain"]
        return None


class WithKernel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        began = time.monotonic()
        cls.km, cls.kc = start("tcp")
        settings.measure(f"start of the kernel until jupyter_client is ready: {1e3 * (time.monotonic() - began):.0f} ms")
        cls.run_cell("import (\n\t\"fmt\"\n\t\"strings\"\n\t\"time\"\n)")

    @classmethod
    def tearDownClass(cls):
        cls.kc.stop_channels()
        cls.km.shutdown_kernel(now=True)

    @classmethod
    def run_cell(cls, code, client=None, **options):
        return Run(client or cls.kc, code, **options).finish()

    @property
    def pid(self):
        return self.km.provisioner.pid

    def connection(self):
        return self.km.get_connection_info()

    def new_client(self, **options):
        options.setdefault("session", Session(key=self.km.session.key))
        client = self.km.client(**options)
        client.start_channels()
        self.addCleanup(client.stop_channels)
        client.wait_for_ready(timeout=settings.patience)
        return client

    def lines(self, count, padding=0):
        """Prints numbered lines and demands all of them in order."""
        began = time.monotonic()
        run = self.run_cell(f'for i := range {count} {{\n\tfmt.Println("line", i, strings.Repeat("x", {padding}))\n}}')
        took = time.monotonic() - began
        got = run.text().splitlines()
        self.assertEqual(len(got), count)
        wrong = next((i for i, line in enumerate(got) if line != f"line {i} " + padding * "x"), None)
        self.assertIsNone(wrong, f"line {wrong} is {got[wrong or 0]!r}")
        return took, sum(m["msg_type"] == "stream" for m in run.outputs)

    def wants_answer(self, client=None):
        """The kernel runs a cell and shows its value."""
        run = self.run_cell("40 + 2", client)
        self.assertEqual((run.status, run.result()), ("ok", "42"))


class Protocol(WithKernel):
    def test_interrupt_keeps_state(self):
        self.run_cell("kept := 41")
        times = []
        for send in [self.km.interrupt_kernel] * 9 + [lambda: os.kill(self.pid, signal.SIGINT)]:
            run = Run(self.kc, "for {\n\tkept = 42\n}").running()
            time.sleep(0.05)
            began = time.monotonic()
            send()
            run.finish()
            times.append(1e3 * (time.monotonic() - began))
            self.assertEqual(run.status, "error")
            self.assertLess(times[-1], 5000)
        self.assertEqual(self.run_cell("kept").result(), "42")
        by_message = times[:-1]
        settings.measure(f"interrupt of `for {{}}` until idle: median {statistics.median(by_message):.1f} ms, "
                         f"worst {max(by_message):.1f} ms; by SIGINT {times[-1]:.1f} ms")
        self.assertLess(statistics.median(by_message), 100, "the median of nine interrupts, in ms")

    def test_heartbeat_of_a_busy_kernel(self):
        run = Run(self.kc, "for {\n}").running()
        hb = zmq.Context.instance().socket(zmq.REQ)
        self.addCleanup(hb.close, 0)
        hb.connect(f"tcp://127.0.0.1:{self.connection()['hb_port']}")
        for n in range(5):
            hb.send(b"beat %d" % n)
            self.assertTrue(hb.poll(1000), "no heartbeat within a second")
            self.assertEqual(hb.recv(), b"beat %d" % n)
        self.km.interrupt_kernel()
        run.finish()

    def test_many_lines_in_order(self):
        took, messages = self.lines(100_000)
        settings.measure(f"100,000 printed lines: {took:.2f} s in {messages} messages")

    def test_output_before_idle(self):
        """25 times, because lost output at idle is a matter of chance elsewhere."""
        for n in range(25):
            run = self.run_cell(f'fmt.Println("a", {n})\nfmt.Print("no newline ", {n})\n{n}')
            self.assertEqual(run.text(), f"a {n}\nno newline {n}")
            self.assertEqual(run.result(), str(n))
            kinds = [m["msg_type"] for m in run.outputs]
            self.assertEqual((kinds[0], kinds[-1]), ("status", "status"))

    def test_round_trip(self):
        times = []
        for _ in range(200):
            began = time.monotonic()
            self.run_cell("1 + 1")
            times.append(1e3 * (time.monotonic() - began))
        times.sort()
        settings.measure(f"`1 + 1` until idle by jupyter_client: median {times[100]:.2f} ms, 95 % {times[190]:.2f} ms")

    def test_stdin(self):
        run = Run(self.kc, 'var answer string\nfmt.Print("name? ")\nfmt.Scanln(&answer)\nanswer', allow_stdin=True)
        request = self.kc.get_stdin_msg(timeout=settings.patience)
        self.assertEqual(request["msg_type"], "input_request")
        self.kc.input("gopher")
        run.finish()
        self.assertEqual((run.status, run.result()), ("ok", '"gopher"'))

    def test_stop_on_error(self):
        first = Run(self.kc, 'time.Sleep(300 * time.Millisecond)\npanic("first")')
        second = Run(self.kc, "1 + 1")
        first.finish()
        second.finish()
        self.assertEqual((first.status, second.status), ("error", "error"))
        self.wants_answer()

    def test_bad_signature(self):
        session = self.new_client().session
        session.key = b"another key"
        shell = zmq.Context.instance().socket(zmq.DEALER)
        self.addCleanup(shell.close, 0)
        shell.connect(f"tcp://127.0.0.1:{self.connection()['shell_port']}")
        session.send(shell, "kernel_info_request", {})
        self.assertFalse(shell.poll(500), "a message with a wrong signature was answered")
        self.wants_answer()

    def test_libzmq_heartbeats(self):
        """A client whose library sends PING every 100 ms stays connected."""
        client = self.new_client()
        shell = zmq.Context.instance().socket(zmq.DEALER)
        self.addCleanup(shell.close, 0)
        shell.heartbeat_ivl, shell.heartbeat_timeout, shell.heartbeat_ttl = 100, 400, 1000
        monitor = shell.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        shell.connect(f"tcp://127.0.0.1:{self.connection()['shell_port']}")
        time.sleep(1.5)
        client.session.send(shell, "kernel_info_request", {})
        self.assertTrue(shell.poll(1e3 * settings.patience), "no answer")
        self.assertFalse(monitor.poll(0), "the connection was lost")
        shell.disable_monitor()


    def test_control_during_a_cell(self):
        run = Run(self.kc, "for {\n}").running()
        control = self.kc.control_channel
        control.send(self.kc.session.msg("usage_request", {}))
        reply = self.kc.get_control_msg(timeout=settings.patience)
        self.assertEqual(reply["msg_type"], "usage_reply")
        self.assertEqual(reply["content"]["pid"], self.pid)
        self.km.interrupt_kernel()
        run.finish()

    def test_unknown_messages(self):
        """They are not answered or answered with an error, and the kernel goes on."""
        for kind in ("no_such_request", "comm_msg", "comm_close"):
            self.kc.shell_channel.send(self.kc.session.msg(kind, {"comm_id": "nobody", "data": {}}))
        self.kc.shell_channel.send(self.kc.session.msg("comm_open", {"comm_id": "mine", "target_name": "no target", "data": {}}))
        closed = False
        while not closed:
            msg = self.kc.get_iopub_msg(timeout=settings.patience)
            closed = msg["msg_type"] == "comm_close" and msg["content"]["comm_id"] == "mine"
        self.wants_answer()


class BadClients(WithKernel):
    def test_subscriber_that_never_reads(self):
        stuck = zmq.Context.instance().socket(zmq.SUB)
        stuck.rcvhwm, stuck.rcvbuf = 1, 4096
        self.addCleanup(stuck.close, 0)
        stuck.connect(f"tcp://127.0.0.1:{self.connection()['iopub_port']}")
        stuck.subscribe(b"")
        time.sleep(0.3)
        took, _ = self.lines(20_000, 1000)
        settings.measure(f"20 MB of printed lines beside a client that never reads: {took:.2f} s")

    def test_idle_and_foreign_connections(self):
        connections = []
        for channel in channels:
            for greeting in (b"", b"\xff\x00", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"):
                c = socket.create_connection(("127.0.0.1", self.connection()[f"{channel}_port"]))
                c.sendall(greeting)
                connections.append(c)
        self.addCleanup(lambda: [c.close() for c in connections])
        began = time.monotonic()
        client = self.new_client()
        settings.measure(f"new client beside idle connections is ready after {1e3 * (time.monotonic() - began):.0f} ms")
        self.wants_answer(client)
        self.wants_answer()

    def test_client_that_is_killed(self):
        program = (
            "import sys\n"
            "from jupyter_client import BlockingKernelClient\n"
            "kc = BlockingKernelClient(connection_file=sys.argv[1]); kc.load_connection_file(); kc.start_channels()\n"
            "kc.wait_for_ready()\n"
            "kc.execute('for i := range 200000 {\\n\\tfmt.Println(i)\\n}')\n"
            "kc.get_iopub_msg(); print('running', flush=True)\n"
            "import time; time.sleep(600)\n"
        )
        for _ in range(3):
            child = subprocess.Popen([sys.executable, "-c", program, self.km.connection_file], stdout=subprocess.PIPE)
            self.assertEqual(child.stdout.readline(), b"running\n")
            child.kill()
            child.wait()
            child.stdout.close()
            self.wants_answer()
        self.wants_answer(self.new_client())

    def test_many_clients(self):
        clients = [self.new_client() for _ in range(5)]
        for client in clients:
            self.wants_answer(client)
        runs = [Run(client, f"fmt.Println({n})") for n, client in enumerate(clients)]
        for n, run in enumerate(runs):
            self.assertEqual(run.finish().text(), f"{n}\n")

    def test_clients_of_one_identity(self):
        """KernelManager.client gives all clients the same identity, even the same message ids."""
        clients = [self.new_client(session=self.km.session.clone()) for _ in range(3)]
        for n, client in enumerate(clients):
            client.execute(f'panic("{n}")', stop_on_error=False)
        for n, client in enumerate(clients):
            reply = client.get_shell_msg(timeout=settings.patience)
            while reply["msg_type"] != "execute_reply":
                reply = client.get_shell_msg(timeout=settings.patience)
            self.assertIn(str(n), reply["content"]["evalue"], "an answer to another client")


class Start(unittest.TestCase):
    def test_start_and_memory(self):
        """From the start of the process to the first reply, without the waits of jupyter_client."""
        times, sizes = [], []
        for _ in range(5):
            km = KernelManager(kernel_name=settings.kernel)
            km.write_connection_file()
            shell = zmq.Context.instance().socket(zmq.DEALER)
            shell.linger, shell.reconnect_ivl = 0, 1
            shell.connect(f"tcp://127.0.0.1:{km.shell_port}")
            km.session.send(shell, "kernel_info_request", {})
            began = time.monotonic()
            process = subprocess.Popen([arg.replace("{connection_file}", km.connection_file) for arg in km.kernel_spec.argv])
            self.assertTrue(shell.poll(1e3 * settings.patience), "no reply")
            times.append(1e3 * (time.monotonic() - began))
            with open(f"/proc/{process.pid}/status") as f:
                sizes += [int(line.split()[1]) >> 10 for line in f if line.startswith("VmRSS")]
            shell.close()
            process.terminate()
            process.wait(10)
            km.cleanup_connection_file()
        settings.measure(f"start of the process until kernel_info_reply: median {statistics.median(times):.0f} ms; memory then {statistics.median(sizes):.0f} MiB")


class End(unittest.TestCase):
    def test_shutdown(self):
        km, kc = start("tcp")
        self.addCleanup(kc.stop_channels)
        self.addCleanup(km.cleanup_resources)
        began = time.monotonic()
        kc.shutdown()
        self.assertEqual(kc.get_control_msg(timeout=settings.patience)["msg_type"], "shutdown_reply")
        seen = []
        while "shutdown_reply" not in seen:
            seen.append(kc.get_iopub_msg(timeout=5)["msg_type"])
        process = km.provisioner.process
        self.assertEqual(process.wait(10), 0, "exit status")
        settings.measure(f"shutdown until the process has ended: {1e3 * (time.monotonic() - began):.0f} ms")

    def test_shutdown_during_a_cell(self):
        km, kc = start("tcp")
        self.addCleanup(kc.stop_channels)
        self.addCleanup(km.cleanup_resources)
        Run(kc, "for {\n}").running()
        kc.shutdown()
        self.assertEqual(km.provisioner.process.wait(10), 0, "exit status")

    def test_restart(self):
        km, kc = start("ipc")
        self.addCleanup(km.shutdown_kernel, now=True)
        self.addCleanup(kc.stop_channels)
        Run(kc, "before := 1").finish()
        for now in (False, True):
            km.restart_kernel(now=now)  # the same socket files; killed the second time
            kc.wait_for_ready(timeout=settings.patience)
            self.assertEqual(Run(kc, "before").finish().status, "error", "a variable of the old session")
            self.assertEqual(Run(kc, "6 * 7").finish().result(), "42")

    def test_orphan_exits(self):
        program = (
            "from jupyter_client.manager import start_new_kernel\n"
            "import sys, time\n"
            "km, kc = start_new_kernel(kernel_name=sys.argv[1])\n"
            "kc.execute('for {\\n}')\n"
            "print(km.provisioner.pid, flush=True)\n"
            "time.sleep(600)\n"
        )
        parent = subprocess.Popen([sys.executable, "-c", program, settings.kernel], stdout=subprocess.PIPE)
        pid = int(parent.stdout.readline())
        self.addCleanup(lambda: gone(pid) or os.kill(pid, signal.SIGKILL))
        self.assertFalse(gone(pid))
        parent.kill()
        parent.wait()
        parent.stdout.close()
        began = time.monotonic()
        self.assertTrue(eventually(lambda: gone(pid), settings.patience / 2), "the kernel stays behind when its parent is killed")
        settings.measure(f"orphan has ended after {time.monotonic() - began:.1f} s")

    def test_signals_of_death(self):
        km, kc = start("tcp")
        self.addCleanup(kc.stop_channels)
        self.addCleanup(km.cleanup_resources)
        os.kill(km.provisioner.pid, signal.SIGTERM)
        try:
            km.provisioner.process.wait(10)
        except subprocess.TimeoutExpired:
            self.fail("SIGTERM does not end the kernel")
