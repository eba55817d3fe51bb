CREATE PROCEDURE [etl].[usp_MoveWatermark] @TableName varchar(100), @NewValue datetime2
AS
BEGIN
    SET NOCOUNT ON
    UPDATE etl.Watermark SET WatermarkValue = @NewValue WHERE TableName = @TableName
END
