"""A result that cannot be written to where it should go is an error in one sentence, and never said to be there."""

import os
import subprocess
import sys

import pytest

FULL = "/dev/full"
pytestmark = pytest.mark.skipif(not os.path.exists(FULL), reason="no such device here")


@pytest.mark.parametrize("arguments", [["--help"], ["status"], ["status", "--format", "json"]], ids=" ".join)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_under_the_output_is_an_error_in_one_sentence(root, sample_index, arguments, unbuffered):
    environment = {**os.environ, "QA_INDEX": str(sample_index), "QA_LANG": "en", "PYTHONUNBUFFERED": unbuffered}
    with open(FULL, "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "qa.cli", *arguments], cwd=root, env=environment, stdout=full,
            stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_output_that_nobody_reads_is_passed_over_in_silence(root, sample_index):
    environment = {**os.environ, "QA_INDEX": str(sample_index)}
    command = [sys.executable, "-m", "qa.cli", "status"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command, cwd=root, env=environment, stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")  # as a shell says it of SIGPIPE
