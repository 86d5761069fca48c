FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN useradd --system crmsync
USER crmsync
# gunicorn listens on every address at this port. The commands are those of the Procfile.
ENV PORT=8000
EXPOSE 8000
CMD ["gunicorn", "crmsync.wsgi", "--workers", "2", "--threads", "4", "--no-control-socket"]
