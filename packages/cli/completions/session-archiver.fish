# fish completion for session-archiver: session-archiver completion fish | source
function __session_archiver_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (command session-archiver __complete fish -- $words[2..-1] "$current" 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$current"
        case folders
            __fish_complete_directories "$current"
        case words
            printf '%s\n' $lines[2..-1]
    end
end
complete -c session-archiver -e
complete -c session-archiver -f -k -a '(__session_archiver_complete)'
