"""The kernel specification as Jupyter sees it."""

import os
import subprocess
import unittest

import settings
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel


class Installed(unittest.TestCase):
    def spec(self, name):
        return KernelSpecManager().get_kernel_spec(name)

    def test_found_in_the_environment(self):
        spec = self.spec("nskernel")
        self.assertEqual(spec.argv, [settings.binary, "kernel", "{connection_file}"])
        self.assertEqual((spec.language, spec.interrupt_mode), ("go", "message"))
        self.assertTrue(spec.resource_dir.startswith(os.environ["VIRTUAL_ENV"]), spec.resource_dir)
        logos = set(os.listdir(spec.resource_dir))
        self.assertLessEqual({"logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}, logos)

    def test_for_the_user_and_back(self):
        nskernel = settings.binary
        subprocess.run([nskernel, "install", "--user", "--name", "go-user", "--display-name", "Mine"], check=True, stdout=subprocess.DEVNULL)
        self.assertEqual(self.spec("go-user").display_name, "Mine")
        subprocess.run([nskernel, "uninstall", "--user", "--name", "go-user"], check=True, stdout=subprocess.DEVNULL)
        with self.assertRaises(NoSuchKernel):
            self.spec("go-user")

    def test_refuses(self):
        for args in (["--name", "No Name"], ["--prefix", "/dev/null"]):
            with self.subTest(args):
                done = subprocess.run([settings.binary, "install", *args], capture_output=True, text=True)
                self.assertNotEqual(done.returncode, 0)
                self.assertNotIn("goroutine", done.stderr)
                self.assertIn("install", done.stderr)
