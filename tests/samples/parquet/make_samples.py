"""Writes the Parquet files beside this script: python3 make_samples.py, with pyarrow 22."""
import datetime
import decimal
import os

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = os.path.dirname(os.path.abspath(__file__))
N = 40
START = datetime.datetime(2020, 1, 1, 12)


def write(name, columns, **options):
    pq.write_table(pa.table(columns), f"{FOLDER}/{name}.parquet", **options)


every_type = {
    "i8": pa.array([i - 20 if i % 7 else None for i in range(N)], pa.int8()),
    "i64": pa.array([2**40 + i for i in range(N)], pa.int64()),
    "u16": pa.array(range(N), pa.uint16()),
    "f16": pa.array([i / 4 for i in range(N)], pa.float32()).cast(pa.float16()),
    "f32": pa.array([i / 3 for i in range(N)], pa.float32()),
    "f64": pa.array([None if i % 5 == 0 else i / 3 for i in range(N)], pa.float64()),
    "flag": pa.array([i % 2 == 0 for i in range(N)]),
    "text": pa.array(["a", "ü", "日本", None][i % 4] for i in range(N)),
    "dict": pa.array(["x", "y"][i % 2] for i in range(N)).dictionary_encode(),
    "day": pa.array([START.date() + datetime.timedelta(i) for i in range(N)]),
    "time": pa.array([START + datetime.timedelta(hours=i) for i in range(N)], pa.timestamp("us")),
    "price": pa.array([decimal.Decimal(i) / 4 for i in range(N)], pa.decimal128(9, 2)),
    "e": pa.array([[i, i + 0.5, -i] for i in range(N)], pa.list_(pa.float32())),
}
for codec in ["snappy", "gzip", "zstd", "none", "brotli", "lz4"]:
    write(f"all_{codec}", every_type, compression=codec, row_group_size=16)
write("struct", {"s": pa.array([{"a": 1}] * 3)})
write("ragged", {"e": pa.array([[1.0], [1.0, 2.0]])})
write("empty", {"a": pa.array([], pa.int32())})
write("binary", {"b": pa.array([b"\xff\x00"] * 3, pa.binary())})
