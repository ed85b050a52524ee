"""Notebooks give the same by `nskernel run` and by nbclient."""

import glob
import os
import subprocess
import tempfile
import time
import unittest

import nbformat
import settings
from nbclient import NotebookClient

LIMIT = 600  # seconds for one cell


def texts(cell):
    """The text outputs of a cell, and the other representations by name."""
    streams, others = {}, []
    for out in cell.get("outputs", []):
        if out.output_type == "stream":
            streams[out.name] = streams.get(out.name, "") + out.text
        elif out.output_type == "error":
            others.append((out.output_type, out.ename, out.evalue))
        else:
            others.append((out.output_type, out.data.get("text/plain"), sorted(out.data)))
    return streams, others


class Notebooks(unittest.TestCase):
    maxDiff = 4000

    def compare(self, path):
        source = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory() as scratch:
            out = os.path.join(scratch, "out.ipynb")
            began = time.monotonic()
            done = subprocess.run([settings.binary, "run", path, "-o", out], capture_output=True, text=True, timeout=LIMIT)
            alone = time.monotonic() - began
            self.assertEqual(done.returncode, 0, done.stderr[-2000:])
            ours = nbformat.read(out, as_version=nbformat.NO_CONVERT)
        nbformat.validate(ours)
        self.assertEqual((ours.nbformat, [c.source for c in ours.cells]), (4, [c.source for c in source.cells]))

        began = time.monotonic()
        theirs = NotebookClient(
            nbformat.read(path, as_version=4), timeout=LIMIT, kernel_name=settings.kernel,
            resources={"metadata": {"path": os.path.dirname(path)}},
        ).execute()
        settings.measure(f"{os.path.basename(path)}: nskernel run {alone:.2f} s, nbclient {time.monotonic() - began:.2f} s")
        nbformat.validate(theirs)
        outputs = 0
        for number, (a, b) in enumerate(zip(ours.cells, theirs.cells, strict=True), 1):
            self.assertEqual(a.get("execution_count"), b.get("execution_count"), f"cell {number}")
            if "varying" not in a.metadata.get("tags", []):
                self.assertEqual(texts(a), texts(b), f"cell {number}")
                outputs += len(a.get("outputs", []))
        self.assertGreater(outputs, 0, "nothing was compared")


def add(path):
    name = os.path.splitext(os.path.basename(path))[0]
    setattr(Notebooks, f"test_{name}", lambda self: self.compare(path))


for found in sorted(glob.glob(os.path.join(settings.root, "notebooks", "*.ipynb"))):
    add(found)


class Comparison(unittest.TestCase):
    """There is something to compare, and the comparison sees differences."""

    def test_quickstart_exists(self):
        self.assertTrue(hasattr(Notebooks, "test_quickstart"))

    def test_sees_differences(self):
        def cell(*outputs):
            return nbformat.v4.new_code_cell(outputs=list(outputs))

        new = nbformat.v4.new_output
        base = cell(new("stream", name="stdout", text="a\nb\n"))
        self.assertEqual(texts(base), texts(cell(new("stream", name="stdout", text="a\n"), new("stream", name="stdout", text="b\n"))))
        for other in (
            cell(),
            cell(new("stream", name="stderr", text="a\nb\n")),
            cell(new("stream", name="stdout", text="a\n")),
            cell(*base.outputs, new("display_data", {"text/plain": "x"})),
        ):
            self.assertNotEqual(texts(base), texts(other))
