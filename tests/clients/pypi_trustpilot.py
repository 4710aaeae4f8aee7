"""Calls Trustpilot's client for Python as it is told on stdin, and tells on stdout what came of it.

In:  {"session": {...}, "calls": [["sync" or "async", method, address], ...]}
Out: [{"status": 200, "body": ..., "token": "..."}, ...]
"""

import asyncio
import json
import sys

from trustpilot.async_client import TrustpilotAsyncSession
from trustpilot.client import TrustpilotSession

asked = json.load(sys.stdin)
session = TrustpilotSession(**asked["session"])
async_session = TrustpilotAsyncSession(**asked["session"])


async def call_async(method, address):
    response = await getattr(async_session, method)(address)
    return response.status, await response.text(), async_session.access_token


def call(kind, method, address):
    if kind == "async":
        return asyncio.run(call_async(method, address))
    response = session.request(method, address)
    return response.status_code, response.text, session.access_token


answers = []
for kind, method, address in asked["calls"]:
    try:
        status, body, token = call(kind, method, address)
    except Exception as error:  # what the client raises is an answer as well
        answers.append({"error": f"{type(error).__name__}: {error}"})
        continue
    try:
        body = json.loads(body)
    except ValueError:
        pass
    answers.append({"status": status, "body": body, "token": token})
json.dump(answers, sys.stdout)
