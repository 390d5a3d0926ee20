"""Float32 weights out of the shipped int8 networks."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from index.encoder import ONNX_FILE, SHIPPED_FOLDER, open_session, open_tokenizer  # noqa: E402
from index.training.restore import restore  # noqa: E402
from qa.reading.onnx import SHIPPED_FOLDER as READER_FOLDER  # noqa: E402

TEXTS = ["Ai là Cục trưởng Cục Ngoại vụ năm 2018?", "Hội nghị Ngoại vụ toàn quốc lần thứ 19 khai mạc tại Hà Nội."]


@pytest.mark.parametrize("folder", [SHIPPED_FOLDER, READER_FOLDER], ids=["encoder", "reader"])
def test_the_float32_network_says_what_the_int8_network_says(folder):
    model, session, tokenizer = restore(folder), open_session(folder / ONNX_FILE), open_tokenizer(folder)
    for text in TEXTS:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        (int8,) = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        with torch.no_grad():
            out = model(input_ids=torch.from_numpy(ids))
        outputs = [out.last_hidden_state] if "last_hidden_state" in out else [out.start_logits, out.end_logits]
        given = outputs[0] if len(outputs) == 1 else torch.stack(outputs, dim=-1)
        correlation = np.corrcoef(given.numpy().ravel(), int8.ravel())[0, 1]
        assert correlation > 0.99


def test_a_network_with_a_matrix_too_few_is_refused(tmp_path):
    import shutil

    import onnx

    folder = tmp_path / "reader"
    shutil.copytree(READER_FOLDER, folder)
    network = onnx.load(folder / ONNX_FILE)
    (head,) = [node for node in network.graph.node if node.name == "/qa_outputs/MatMul_quant"]
    head.name = "renamed"
    onnx.save(network, folder / ONNX_FILE)
    with pytest.raises(RuntimeError, match="qa_outputs"):
        restore(folder)
