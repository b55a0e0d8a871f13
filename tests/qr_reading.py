"""Read the modules of a QR code by the standard alone: no program that makes codes is asked (ISO/IEC 18004).

For clean modules at error correction M, versions 1 to 9. Every block of code words must be sound as it is:
nothing is corrected.
"""

# code words for correction in each block, and how many blocks with how many code words of data (table 9)
_BLOCKS = {
    1: (10, [16]),
    2: (16, [28]),
    3: (26, [44]),
    4: (18, [32] * 2),
    5: (24, [43] * 2),
    6: (16, [27] * 4),
    7: (18, [31] * 4),
    8: (22, [38] * 2 + [39] * 2),
    9: (22, [36] * 3 + [37] * 2),
}
_ALIGNED = {1: [], 2: [6, 18], 3: [6, 22], 4: [6, 26], 5: [6, 30], 6: [6, 34]}
_ALIGNED |= {7: [6, 22, 38], 8: [6, 24, 42], 9: [6, 26, 46]}
_MASKS = [
    lambda row, column: (row + column) % 2,
    lambda row, _: row % 2,
    lambda _, column: column % 3,
    lambda row, column: (row + column) % 3,
    lambda row, column: (row // 2 + column // 3) % 2,
    lambda row, column: row * column % 2 + row * column % 3,
    lambda row, column: (row * column % 2 + row * column % 3) % 2,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2,
]
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_FORMAT_MASK, _FORMAT_POLYNOMIAL, _LEVEL_M = 0b101010000010010, 0b10100110111, 0b00


def read_modules(matrix, *, quiet):
    """Give the text of a code whose quiet zone has that many modules; a fault raises AssertionError."""
    side = len(matrix) - 2 * quiet
    inside = range(quiet, quiet + side)
    assert not any(
        matrix[y][x] for y in range(len(matrix)) for x in range(len(matrix)) if {x, y} - set(inside)
    )
    modules = [row[quiet : quiet + side] for row in matrix[quiet : quiet + side]]
    version, rest = divmod(side - 17, 4)
    assert rest == 0
    words = _code_words(modules, version, _MASKS[_mask(modules)])
    return _text(_data(words, version), version)


def _mask(modules):
    """Read both copies of the format information, which must agree and be sound."""
    side = len(modules)
    first = [modules[8][x] for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [modules[y][8] for y in (7, 5, 4, 3, 2, 1, 0)]
    second = [modules[side - 1 - y][8] for y in range(7)] + [modules[8][side - 8 + x] for x in range(8)]
    assert first == second
    assert modules[side - 8][8]  # always dark
    said = int("".join(map(str, map(int, first))), 2) ^ _FORMAT_MASK
    remainder = said
    for shift in range(4, -1, -1):
        if remainder >> (shift + 10) & 1:
            remainder ^= _FORMAT_POLYNOMIAL << shift
    assert remainder == 0
    assert said >> 13 == _LEVEL_M
    return said >> 10 & 0b111


def _is_pattern(row, column, version):
    """Tell modules that hold no data: finders, timing, alignment, format and version information."""
    side = 17 + 4 * version
    if row == 6 or column == 6:
        return True
    if (row < 9 and (column < 9 or column >= side - 8)) or (row >= side - 8 and column < 9):
        return True
    if version >= 7 and (
        (row < 6 and side - 11 <= column < side - 8) or (column < 6 and side - 11 <= row < side - 8)
    ):
        return True
    corners = {(6, 6), (6, side - 7), (side - 7, 6)}
    return any(
        (y, x) not in corners and abs(row - y) <= 2 and abs(column - x) <= 2
        for y in _ALIGNED[version]
        for x in _ALIGNED[version]
    )


def _code_words(modules, version, mask):
    side, bits, upwards = len(modules), [], True
    for right in [*range(side - 1, 6, -2), 5, 3, 1]:
        for row in range(side - 1, -1, -1) if upwards else range(side):
            for column in (right, right - 1):
                if not _is_pattern(row, column, version):
                    bits.append(bool(modules[row][column]) != (mask(row, column) == 0))
        upwards = not upwards
    return [
        int("".join(str(int(bit)) for bit in bits[at : at + 8]), 2) for at in range(0, len(bits) // 8 * 8, 8)
    ]


def _data(words, version):
    """Put the blocks together again, each of which must leave no remainder."""
    correcting, lengths = _BLOCKS[version]
    blocks, taken = [[] for _ in lengths], iter(words)
    for at in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if at < length:
                block.append(next(taken))
    data = [word for block in blocks for word in block]
    for _ in range(correcting):
        for block in blocks:
            block.append(next(taken))
    assert next(taken, None) is None
    for block in blocks:
        assert all(_value_at(block, power) == 0 for power in range(correcting))
    return data


def _value_at(block, power):
    """Evaluate a block as a polynomial at a power of 2 in the field of 256 elements of the standard."""
    at = 1
    for _ in range(power):
        at = at << 1 ^ (0x11D if at & 0x80 else 0)
    value = 0
    for word in block:
        value = _times(value, at) ^ word
    return value


def _times(one, other):
    product = 0
    while other:
        product ^= one if other & 1 else 0
        one = one << 1 ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return product


def _text(data, version):
    bits = "".join(f"{word:08b}" for word in data)
    text, at = "", 0

    def take(count):
        nonlocal at
        at += count
        return int(bits[at - count : at], 2)

    while len(bits) - at >= 4 and (mode := take(4)):
        if mode == 0b0100:
            text += bytes(take(8) for _ in range(take(8))).decode("utf-8")
        elif mode == 0b0010:
            left = take(9)
            while left:
                value = take(11 if left > 1 else 6)
                text += (_ALPHANUMERIC[value // 45] if left > 1 else "") + _ALPHANUMERIC[value % 45]
                left -= min(left, 2)
        elif mode == 0b0001:
            left = take(10)
            while left:
                digits = min(left, 3)
                text += f"{take((0, 4, 7, 10)[digits]):0{digits}}"
                left -= digits
        else:
            raise AssertionError(f"mode {mode:04b} was not expected")
    return text
