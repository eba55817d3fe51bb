"""Runs steps on Delta tables by Spark: python spark-delta.py <jars> <steps as JSON> <file for the answers>.

A step asks {"table", "version", "where"} and gets sorted ids, or appends {"table", "append": [[id, kind]]}, or vacuums {"table", "vacuum": true}.
"""
import json, sys
from delta.tables import DeltaTable
from pyspark.sql import SparkSession

jars, steps, answers = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
spark = (
    SparkSession.builder.master("local[2]").appName("headrace")
    .config("spark.jars", jars)
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")

def ids(step):
    reader = spark.read.format("delta")
    if step.get("version") is not None:
        reader = reader.option("versionAsOf", step["version"])
    return sorted(row["id"] for row in reader.load(step["table"]).where(step["where"]).select("id").collect())

def answer(step):
    if "append" in step:
        rows = spark.createDataFrame([tuple(row) for row in step["append"]], "id bigint, kind string")
        rows.coalesce(1).write.format("delta").mode("append").save(step["table"])
        return None
    if "vacuum" in step:
        DeltaTable.forPath(spark, step["table"]).vacuum()
        return None
    return ids(step)

found = [answer(step) for step in steps]
with open(answers, "w") as file:
    json.dump(found, file)
spark.stop()
