"""Alembic's entry: runs the migrations on the connection that `core.store.schema` hands over."""

from alembic import context

from core.store.tables import everything

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=everything.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    compare_server_default=False,
)
context.run_migrations()
