{{- define "watchbell.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "watchbell.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "watchbell.labels" -}}
{{ include "watchbell.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* A value as an environment variable takes it. Helm reads each number as a float. */}}
{{- define "watchbell.value" -}}
{{- if kindIs "slice" . }}{{ join "," . }}
{{- else if kindIs "float64" . }}{{ if eq . (floor .) }}{{ int64 . }}{{ else }}{{ . }}{{ end }}
{{- else }}{{ . }}
{{- end }}
{{- end }}

{{/* The settings as variables: WATCHBELL_SECTION__KEY, WATCHBELL_UPSTREAM__NAME__KEY. */}}
{{- define "watchbell.settings" -}}
{{- range $section, $keys := .Values.config }}
{{- range $key, $value := $keys }}
{{- if kindIs "map" $value }}
{{- range $inner, $one := $value }}
{{ printf "WATCHBELL_%s__%s__%s" $section $key $inner | upper }}: {{ include "watchbell.value" $one | quote }}
{{- end }}
{{- else }}
{{ printf "WATCHBELL_%s__%s" $section $key | upper }}: {{ include "watchbell.value" $value | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "watchbell.host" -}}
{{- .Values.ingress.host | default (.Values.config.server.public_origin | trimPrefix "https://") }}
{{- end }}
