"""Prints a Delta table as JSON: python read-delta.py <folder> <JSON: {"version", "where": [conditions]}>.

One list of rows for each condition. Times are ISO text in UTC with microseconds."""
import datetime, json, sys
from deltalake import DeltaTable, QueryBuilder

asked = json.loads(sys.argv[2])
table = DeltaTable(sys.argv[1], version=asked["version"])

def plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value

def rows(condition):
    found = QueryBuilder().register("t", table).execute("select * from t where " + condition).read_all()
    columns = {name: [plain(v.as_py()) for v in found.column(name)] for name in found.schema.names}
    return [{name: columns[name][i] for name in columns} for i in range(len(found))]

print(json.dumps({"version": table.version(), "rows": [rows(one) for one in asked["where"]]}, default=str))
