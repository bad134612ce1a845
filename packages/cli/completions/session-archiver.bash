# bash completion for session-archiver: eval "$(session-archiver completion bash)"
_session_archiver() {
  local line=${COMP_LINE:0:COMP_POINT} words=() word rest trimmed i
  # Bash cuts words at : and =, too: what stands together belongs together.
  rest=$line
  for ((i = 0; i <= COMP_CWORD; i++)); do
    trimmed=${rest#"${rest%%[![:space:]]*}"}
    word=${COMP_WORDS[i]}
    ((i < COMP_CWORD)) || word=$trimmed
    if ((i > 0)) && [[ $rest == "$trimmed" && -n $trimmed ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    rest=${trimmed#"$word"}
  done
  local current=${words[${#words[@]} - 1]} kind= value about offers=() abouts=()
  COMPREPLY=()
  while IFS=$'\t' read -r value about; do
    if [[ -z $kind ]]; then
      kind=$value
    else
      offers+=("$value")
      abouts+=("$about")
    fi
  done < <(command session-archiver __complete bash -- "${words[@]:1}" 2>/dev/null)
  case $kind in
    files) compopt -o default 2>/dev/null; return ;;
    folders) compopt -o dirnames 2>/dev/null; return ;;
  esac
  # Readline replaces only what follows the last : or =.
  local lead=
  if [[ $current == *[:=]* && $COMP_WORDBREAKS == *[:=]* ]]; then
    lead=${current%"${current##*[:=]}"}
  fi
  for i in "${!offers[@]}"; do
    printf -v value %q "${offers[i]}"
    if [[ $current == *[\"\']* && $value != "${offers[i]}" ]]; then continue; fi
    value=${value#"$lead"}
    # What a value is can be shown where values are only listed.
    if ((${#offers[@]} > 1)) && [[ ${COMP_TYPE:-9} == 63 && -n ${abouts[i]} ]]; then
      value="$value  (${abouts[i]})"
    fi
    COMPREPLY+=("$value")
  done
  if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[:=/] ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o nosort -F _session_archiver session-archiver 2>/dev/null ||
  complete -F _session_archiver session-archiver
