"""The servers that the tests themselves start."""

import subprocess
import sys
from pathlib import Path

import environ
import psycopg2
import pytest
import redis

from tests.plugins.processes import eventually, is_running
from tests.plugins.services import Services

RUN = """
import sys, time
from pathlib import Path
from tests.plugins.servers import find_redis, start_redis
server, _ = start_redis(find_redis(), Path(sys.argv[1]) / "redis")
print(server.process.pid, flush=True)
time.sleep(60)
"""


def test_postgresql_of_this_run_answers_only_on_its_own_socket(services: Services) -> None:
    address = environ.Env.db_url_config(services.postgresql())

    connection = psycopg2.connect(dbname=address["NAME"], host=address["HOST"], user=address["USER"])

    with connection.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)
        cursor.execute("SHOW fsync")
        assert cursor.fetchone() == ("off",)
    connection.close()


def test_redis_of_this_run_refuses_without_its_password(services: Services) -> None:
    url = services.redis()

    assert redis.Redis.from_url(url).ping() is True
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url("redis://" + url.split("@")[1]).ping()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_server_whose_parent_is_killed_dies_too(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent
    parent = subprocess.Popen([sys.executable, "-c", RUN, tmp_path], cwd=root, stdout=subprocess.PIPE, text=True)
    server = int(parent.stdout.readline())

    parent.kill()
    parent.wait()

    assert eventually(lambda: not is_running(server))
