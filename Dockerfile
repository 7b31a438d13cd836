# The web process, the worker, the sweeper and the migration all run from this image, as an unprivileged user.

FROM python:3.12-slim-bookworm AS build
ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libfontconfig1 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent t2eval \
    && install -d -o t2eval -g t2eval -m 0700 /data
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PRODUCTION=true DATA_DIR=/data ENV_FILE=/dev/null XDG_CACHE_HOME=/tmp
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY manage.py ./
COPY script/healthcheck script/
COPY t2eval t2eval
COPY rubrics rubrics
COPY proposals proposals
COPY templates templates
COPY static static
# Settings want to know everything that production needs; nothing of it stays in the image.
RUN SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(50))') ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgres://build.invalid/build REDIS_URL=redis://build.invalid \
    python manage.py collectstatic --noinput --verbosity 0
USER t2eval
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["script/healthcheck"]
CMD ["gunicorn", "t2eval.wsgi:application", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", \
     "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
