import type { Finding, Findings } from '../../formats/gelsight/finding.ts'
import type { ScanRecord } from '../../formats/gelsight/scan-record.ts'
import { findNamed, isOwnFile } from './bronze-layout.ts'
import type { BronzeFile } from './bronze-objects.ts'

/** What a scan of version 3 always has; legacy scans lack most of it by nature. */
const required = ['created_on_text', 'scan_width', 'scan_height', 'device_id'] as const

/** Rules that a scan and its own files answer. */
export function checkScan(scan: ScanRecord, files: readonly BronzeFile[], findings: Findings): void {
  const severity: Finding['severity'] = scan.format_version >= 3 ? 'error' : 'warning'
  if (scan.guid === null)
    findings.add(
      severity,
      'scan.guid_present',
      'scan.yaml:guid',
      'no guid; the scan is identified by its content',
    )
  if (scan.mm_per_pixel === null)
    findings.add(
      severity,
      'scan.mm_per_pixel_present',
      'scan.yaml:mmperpixel',
      'no scale: the scan is uncalibrated',
    )
  if (scan.images.length === 0)
    findings.add(severity, 'scan.images_present', 'scan.yaml:images', 'no image is named')
  for (const field of required) {
    if (scan[field] === null)
      findings.add(severity, 'scan.required_fields', `scan.yaml ${field}`, `${field} is missing`)
  }
  if (scan.format_version >= 3 && findNamed(files, 'scancontext.yaml') === undefined)
    findings.warning(
      'scan.context_present',
      'analysis/scancontext.yaml',
      'no shapes and results came with the scan',
    )
  const own = files.filter((file) => isOwnFile(file.path))
  for (const name of [...scan.images, ...scan.alignment_images])
    checkExists('image.exists', name, own, findings)
  if (scan.active_heightmap !== null) checkExists('heightmap.exists', scan.active_heightmap, own, findings)
  if (scan.active_normalmap !== null) checkExists('normalmap.exists', scan.active_normalmap, own, findings)
  for (const file of files) checkFile(scan, file, findings)
}

function checkExists(rule: string, name: string, files: readonly BronzeFile[], findings: Findings): void {
  if (findNamed(files, name) === undefined)
    findings.error(rule, name, 'is named in scan.yaml, but is not among the files')
}

function checkFile(scan: ScanRecord, file: BronzeFile, findings: Findings): void {
  const { image, tmd } = file
  if (image !== null) {
    if (image.problem !== null) findings.error('image.readable', file.path, image.problem)
    else if (image.is_complete === false)
      findings.error('image.complete', file.path, 'does not end as a PNG does: it was cut off')
    const isPhotograph = file.image_kind === 'image' || file.image_kind === 'alignment'
    const isKnown = image.width !== null && scan.scan_width !== null && scan.scan_height !== null
    if (isPhotograph && isKnown && (image.width !== scan.scan_width || image.height !== scan.scan_height)) {
      findings.error(
        'image.size_equals_scan',
        file.path,
        `has ${image.width} x ${image.height} pixels; scanwidth x scanheight is ${scan.scan_width} x ${scan.scan_height}`,
      )
    }
  }
  if (tmd !== null && tmd.problem !== null) {
    const rule = tmd.columns === null ? 'heightmap.readable' : 'heightmap.length_equals_header'
    findings.error(rule, file.path, tmd.problem)
  }
}
