# SPDX-License-Identifier: Apache-2.0
"""What a Python programmer would write in place of the host: FastAPI, plain `def` endpoints, the same JSON in and out.

It is let off easily: no keys, no records, no queue on disk, no other process that computes.
"""

import base64
import uuid

from fastapi import FastAPI
from pydantic import BaseModel, Field

PICTURE = "data:image/png;base64," + base64.b64encode(b"x" * 64).decode()

app = FastAPI()
results: dict[str, dict] = {}


class Input(BaseModel):
    prompt: str
    seed: int | None = Field(None, ge=0)
    num_inference_steps: int | None = Field(None, ge=1, le=1000)
    num_images: int = Field(1, ge=1, le=64)
    guidance_scale: float | None = Field(None, ge=0, le=100)
    sync_mode: bool = False


def draw(input: Input) -> dict:
    picture = {"url": PICTURE, "width": 8, "height": 8, "content_type": "image/png", "file_name": "0.png", "file_size": 64}
    timings = {"queue": 0.0, "setup": 0.0, "text": 0.0, "denoise": 0.0, "steps": [0.0], "decode": 0.0, "encode": 0.0, "total": 0.0}
    return {"images": [picture], "image": picture, "seed": input.seed or 42, "prompt": input.prompt, "timings": timings}


@app.post("/local/painter")
def run(input: Input):
    return draw(input)


@app.post("/queue/local/painter")
def submit(input: Input):
    identifier = str(uuid.uuid4())
    results[identifier] = draw(input)
    base = f"http://127.0.0.1/local/painter/requests/{identifier}"
    return {"request_id": identifier, "status": "IN_QUEUE", "queue_position": 0, "response_url": base, "status_url": base + "/status", "cancel_url": base + "/cancel"}


@app.get("/queue/local/painter/requests/{identifier}/status")
def status(identifier: str):
    return {"status": "COMPLETED", "request_id": identifier, "logs": None, "metrics": {"inference_time": 0.0}}


@app.get("/queue/local/painter/requests/{identifier}")
def result(identifier: str):
    return results.pop(identifier)
