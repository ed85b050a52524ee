"""What the test modules share: which kernel is tested, and what was measured."""

kernel = "nskernel"  # name of the kernel specification
root = ""  # of the checkout
binary = ""  # the kernel program
patience = 60  # seconds until an answer counts as missing
measured = []


def measure(text):
    """Notes a result that is printed at the end. No test depends on it."""
    if kernel == "nskernel":
        measured.append(text)
