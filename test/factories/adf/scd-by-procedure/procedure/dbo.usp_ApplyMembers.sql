CREATE PROCEDURE [dbo].[usp_ApplyMembers] @Day date
AS
BEGIN
    SET NOCOUNT ON

    -- Versions whose member has changed, or is gone, end the day before.
    UPDATE dbo.DimMember
    SET ValidTo = @Day
    WHERE ValidTo IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM stg.Member AS s
        WHERE s.MemberNo = DimMember.MemberNo AND s.Name = DimMember.Name AND s.Town = DimMember.Town)

    INSERT INTO dbo.DimMember (MemberNo, Name, Town, ValidFrom, ValidTo)
    SELECT s.MemberNo, s.Name, s.Town, @Day, NULL
    FROM stg.Member AS s
    WHERE NOT EXISTS (
        SELECT 1 FROM dbo.DimMember AS d
        WHERE d.MemberNo = s.MemberNo AND d.ValidTo IS NULL)
END
