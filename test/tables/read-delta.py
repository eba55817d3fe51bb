"""Prints a Delta table as JSON: python read-delta.py <folder> [version]. Times are ISO text in UTC with microseconds."""
import datetime, json, sys
from deltalake import DeltaTable, QueryBuilder

table = DeltaTable(sys.argv[1], version=int(sys.argv[2]) if len(sys.argv) > 2 else None)
batches = QueryBuilder().register("t", table).execute("select * from t").read_all()

def plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value

names = batches.schema.names
columns = {name: [plain(v.as_py()) for v in batches.column(name)] for name in names}
rows = [{name: columns[name][i] for name in names} for i in range(len(batches))]
print(json.dumps({"version": table.version(), "files": len(table.file_uris()), "rows": rows}, default=str))
