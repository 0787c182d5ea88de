# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The daemon's vhost-user-blk back end, judged by QEMU's front end and SeaBIOS' driver: a disk
whose boot sector copies the next one to the one after that, and ends the machine. A whole Linux
guest is in test_guest.py.
"""

import subprocess

import pytest
from daemon import PATIENCE, machine_arguments, started, stop_gently, tool

SECTOR = 512
# int 13h, function 42h reads and 43h writes what a packet says; port f4h ends the machine.
PACKET_AT = 0x7C00 + 34
BOOT_CODE = bytes.fromhex(
    "31c0 8ed8"  # xor ax, ax; mov ds, ax
    f"be {PACKET_AT.to_bytes(2, 'little').hex()}"  # mov si, packet
    "b442 cd13 7210"  # mov ah, 42h; int 13h; jc failed
    f"fe06 {(PACKET_AT + 8).to_bytes(2, 'little').hex()}"  # inc byte [packet + 8]
    "b80043 cd13 7205"  # mov ax, 4300h; int 13h; jc failed
    "b010 e6f4 f4"  # mov al, 10h; out f4h, al; hlt
    "b001 e6f4 f4"  # failed: mov al, 1; out f4h, al; hlt
    "1000 0100 007e 0000 0100000000000000"  # packet: 1 sector of number 1 to 0:7e00h
)
# QEMU makes an odd exit status of what is written to the port.
COPIED = 0x10 << 1 | 1


@pytest.fixture(name="disk")
def bootable_disk(tmp_path):
    path = tmp_path / "disk"
    boot_sector = BOOT_CODE.ljust(SECTOR - 2, b"\0") + b"\x55\xaa"
    path.write_bytes((boot_sector + b"copy me!" * 64).ljust(1 << 20, b"\0"))
    return path


def boot(socket, queues):
    machine = ["qemu-system-x86_64", "-accel", "tcg", "-machine", "q35,memory-backend=ram", "-m",
               "64M", "-object", "memory-backend-memfd,id=ram,size=64M,share=on", "-nodefaults",
               "-display", "none", "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-chardev",
               f"socket,id=disk,path={socket}", "-device",
               f"vhost-user-blk-pci,chardev=disk,num-queues={queues},bootindex=0"]  # fmt: skip
    return subprocess.run(machine, capture_output=True, check=False, encoding="utf-8",
                          timeout=PATIENCE)  # fmt: skip


@pytest.mark.parametrize("queues", [1, 4])
def test_a_machine_boots_and_writes(tmp_path, disk, queues):
    tool("qemu-system-x86_64")
    socket = tmp_path / "socket"
    with started(*machine_arguments(disk, socket, 4)) as daemon:
        done = boot(socket, queues)
        assert done.returncode == COPIED, done.stderr
        assert stop_gently(daemon) == []
    data = disk.read_bytes()
    assert data[2 * SECTOR : 3 * SECTOR] == data[SECTOR : 2 * SECTOR] == b"copy me!" * 64
